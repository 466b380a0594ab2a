package io.socketz.server;

import io.socketz.protocol.address.HostPort;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Comparator;
import java.util.Optional;

/** The address by which others know this server, where nobody has said which. Nothing is looked up, nothing is sent. */
final class AdvertisedAddress {
    private AdvertisedAddress() {}

    /**
     * What {@code host:port} to advertise for a server that listens on {@code bound}: that, unless it stands for all
     * addresses of this machine.
     */
    static String of(InetSocketAddress bound) {
        InetAddress address = bound.getAddress();
        InetAddress advertised = address.isAnyLocalAddress() ? ofThisMachine().orElse(address) : address;
        return HostPort.format(new InetSocketAddress(advertised, bound.getPort()));
    }

    /**
     * An address that other machines may reach this one by: IPv4 before IPv6, as it is the shorter to read, and of the
     * interface that was there first, as bridges to containers come later. Empty where there is none but loopback.
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
