import io.socketz.server.*;
import io.socketz.server.event.*;
import io.socketz.state.*;
import java.time.Duration;
import java.util.*;

/**
 * A gateway for devices that keep a connection open. A device calls itself by its serial number, {@code NAME sn-17}. If
 * it connects again before the gateway notices the end of its old connection, the new connection replaces the old one.
 * A device that says nothing for too long is disconnected.
 */
public class DeviceGateway {
    public static void main(String[] args) throws Exception {
        SocketzServer server = SocketzServer.builder()
                .port(Integer.parseInt(args[0]))
                .firstByteTimeout(Duration.ofSeconds(10))
                .idleTimeout(Duration.ofMillis(Long.parseLong(args[1])))
                .listener(new ServerListener() {
                    public void onClosed(String client, CloseReason reason, String detail) {
                        System.out.println(reason + " " + detail);
                    }
                })
                .start();
        Map<String, String> devices = new HashMap<>(); // name to id; for the listener's thread alone
        server.watch(new PresenceListener() {
            public void onState(Roster roster) {
                devices.clear();
                roster.clients().forEach(this::onNamed);
            }
            public void onRenamed(long revision, Client before, Client device) {
                devices.remove(before.name(), before.id());
                onNamed(device);
            }
            public void onLeft(long revision, Client device, String reason) {
                devices.remove(device.name(), device.id());
            }
            private void onNamed(Client device) {
                String old = device.name() == null ? null : devices.put(device.name(), device.id());
                if (old != null) {
                    server.connection(old).ifPresent(each -> each.close(device.name() + " has connected again"));
                }
            }
        });
        System.out.println("listening on " + server.address().getPort());
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
    }
}
