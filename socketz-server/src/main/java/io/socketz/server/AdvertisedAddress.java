package io.socketz.server;

import io.socketz.protocol.address.HostPort;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Comparator;
import java.util.Optional;

/** The default of the address by which others know this server. Looks up no name, and sends nothing. */
final class AdvertisedAddress {
    private AdvertisedAddress() {}

    /**
     * The {@code host:port} to advertise for a server that listens on {@code bound}: the same, unless it stands for all
     * addresses of this machine.
     */
    static String of(InetSocketAddress bound) {
        InetAddress address = bound.getAddress();
        InetAddress advertised = address.isAnyLocalAddress() ? ofThisMachine().orElse(address) : address;
        return HostPort.format(new InetSocketAddress(advertised, bound.getPort()));
    }

    /**
     * An address at which other machines may reach this one. IPv4 comes before IPv6, since it is shorter to read, and older
     * interfaces before newer ones, since bridges to containers are created later. Empty if there is only loopback.
     */
    private static Optional<InetAddress> ofThisMachine() {
        try {
            return NetworkInterface.networkInterfaces()
                    .sorted(Comparator.comparingInt(NetworkInterface::getIndex))
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                    .min(Comparator.comparing(address -> !(address instanceof Inet4Address)));
        } catch (SocketException e) {
            return Optional.empty();
        }
    }
}
