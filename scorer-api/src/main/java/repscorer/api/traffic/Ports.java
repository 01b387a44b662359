package repscorer.api.traffic;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.apache.catalina.connector.Connector;
import org.jspecify.annotations.Nullable;
import repscorer.api.config.ServiceSettings;
import repscorer.api.config.TrafficSettings;
import repscorer.yaml.ConfigException;

/**
 * The port that the service answers on, and the one that only tells how it is, whose few threads nobody else uses. Safe for
 * concurrent use.
 */
public final class Ports {

    private static final int MANAGEMENT_THREADS = 4;
    private static final int MANAGEMENT_CONNECTIONS = 64;

    /** No limit: whoever keeps connections pays for a new one when it likes to, and each request has its own limits. */
    private static final int KEPT_REQUESTS_MAX = -1;

    private final ServiceSettings settings;
    private final RequestThreads threads;
    private final Connector management;
    private volatile @Nullable GuardedProtocol service;

    Ports(ServiceSettings settings, RequestThreads threads) {
        this.settings = settings;
        this.threads = threads;
        this.management = new Connector(GuardedProtocol.class.getName());
        management.setPort(settings.managementPortResolved());
        GuardedProtocol protocol = (GuardedProtocol) management.getProtocolHandler();
        protocol.setAddress(address());
        protocol.setMaxThreads(MANAGEMENT_THREADS);
        protocol.setMinSpareThreads(1);
        protocol.guard(settings.traffic().receiveMax(), MANAGEMENT_CONNECTIONS, MANAGEMENT_CONNECTIONS);
    }

    private InetAddress address() {
        try {
            return InetAddress.getByName(settings.address());
        } catch (UnknownHostException e) {
            throw new ConfigException("address: no interface has this name: '%s'".formatted(settings.address()), e);
        }
    }

    /** Sets the limits of the port that answers. */
    void serve(Connector connector) {
        TrafficSettings traffic = settings.traffic();
        GuardedProtocol protocol = (GuardedProtocol) connector.getProtocolHandler();
        protocol.guard(traffic.receiveMax(), traffic.connectionsMax(), traffic.connectionsPerAddressMax());
        protocol.setExecutor(threads);
        protocol.setMaxKeepAliveRequests(KEPT_REQUESTS_MAX);
        service = protocol;
    }

    Connector management() {
        return management;
    }

    /** Where probes and metrics are, also where a free port was asked for. */
    public int managementPort() {
        return management.getLocalPort();
    }

    /** Whether a request is under way that began before this time. */
    boolean busySinceBefore(long nanos) {
        GuardedProtocol protocol = service;
        return protocol != null && protocol.busySinceBefore(nanos);
    }

    /** A figure of the port that answers. */
    double figure(ToLongFunction<GuardedProtocol> figure) {
        return Stream.ofNullable(service).mapToLong(figure).sum();
    }
}
