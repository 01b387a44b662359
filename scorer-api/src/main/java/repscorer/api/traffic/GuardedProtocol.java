package repscorer.api.traffic;

import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.AbstractEndpoint;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;

/**
 * HTTP whose requests have a time as a whole, not only from byte to byte, and whose connections have a share for each address.
 * Public because Tomcat makes it by name. Safe for concurrent use.
 */
public final class GuardedProtocol extends Http11NioProtocol {

    /*
     * Tomcat's own time limits begin anew with each byte. So every connection with a request on it, from the first byte of a
     * header on, has an entry here, and one thread closes those whose time is over. Nothing else is touched: whoever reads
     * or writes meets a closed socket.
     */

    static final long LOOK_MILLIS = 100;

    private final Map<SocketWrapperBase<NioChannel>, Connection> busy = new ConcurrentHashMap<>();
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("slow-connections").factory());
    private final LongAdder slow = new LongAdder();
    private final LongAdder crowded;
    private Duration receiveMax = Duration.ofSeconds(10);

    public GuardedProtocol() {
        this(new Endpoint());
    }

    private GuardedProtocol(Endpoint endpoint) {
        super(endpoint);
        this.crowded = endpoint.crowded;
        endpoint.setHandler(new Noting(endpoint.getHandler()));
    }

    /** Sets the limits, before it starts. */
    void guard(Duration receive, int connectionsMax, int connectionsPerAddressMax) {
        receiveMax = receive;
        setMaxConnections(connectionsMax);
        ((Endpoint) getEndpoint()).perAddressMax = connectionsPerAddressMax;
    }

    @Override
    public void start() throws Exception {
        super.start();
        Future<?> unused =
                watch.scheduleWithFixedDelay(this::closeSlow, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void destroy() throws Exception {
        watch.shutdownNow();
        super.destroy();
    }

    private void closeSlow() {
        long now = System.nanoTime();
        for (Connection connection : busy.values()) {
            if (connection.isOver(now)) {
                slow.increment();
                connection.close();
            }
        }
    }

    /** Whether a request is under way that began before this time. */
    boolean busySinceBefore(long nanos) {
        return busy.values().stream().anyMatch(connection -> connection.begunBefore(nanos));
    }

    /** Connections that are open. */
    long open() {
        return getConnectionCount();
    }

    /** Connections closed because a request, or the reading of its answer, took too long. */
    long slow() {
        return slow.sum();
    }

    /** Connections refused because their address had its share. */
    long crowded() {
        return crowded.sum();
    }

    /** Notes which connections have a request under way. */
    private final class Noting implements AbstractEndpoint.Handler<NioChannel> {

        private final AbstractEndpoint.Handler<NioChannel> handler;

        Noting(AbstractEndpoint.Handler<NioChannel> handler) {
            this.handler = handler;
        }

        @Override
        public SocketState process(SocketWrapperBase<NioChannel> socket, SocketEvent event) {
            Connection connection = busy.computeIfAbsent(socket, each -> new Connection(each, receiveMax));
            SocketState state = connection.reading(() -> handler.process(socket, event));
            if (state != SocketState.LONG) {
                busy.remove(socket);
            }
            return state;
        }

        @Override
        public void release(SocketWrapperBase<NioChannel> socket) {
            busy.remove(socket);
            handler.release(socket);
        }

        @Override
        public Object getGlobal() {
            return handler.getGlobal();
        }

        @Override
        public void pause() {
            handler.pause();
        }

        @Override
        public void recycle() {
            handler.recycle();
        }
    }

    /** Refuses connections of an address that has its share. */
    private static final class Endpoint extends NioEndpoint {

        private final LongAdder crowded = new LongAdder();
        private volatile int perAddressMax = Integer.MAX_VALUE;

        @Override
        protected boolean setSocketOptions(SocketChannel channel) {
            if (isCrowded(channel)) {
                crowded.increment();
                destroySocket(channel);
                return false;
            }
            return super.setSocketOptions(channel);
        }

        /* Looks through the connections only where one address could have too many. */
        private boolean isCrowded(SocketChannel channel) {
            if (connections.size() < perAddressMax) {
                return false;
            }
            String address = channel.socket().getInetAddress().getHostAddress();
            long same = connections.values().stream()
                    .filter(socket -> address.equals(socket.getRemoteAddr()))
                    .count();
            return same >= perAddressMax;
        }
    }
}
