package repscorer.api.traffic;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.tomcat.util.net.SocketWrapperBase;

/** A connection that a request came by, and when it is closed whatever happens. Safe for concurrent use but for {@link #gone}. */
final class Connection {

    private static final ScopedValue<Connection> CURRENT = ScopedValue.newInstance();

    private final SocketWrapperBase<?> socket;
    private final long readMillis;
    private final long writeMillis;
    private final long begunNanos = System.nanoTime();
    private volatile long left;
    private volatile long since = begunNanos;

    Connection(SocketWrapperBase<?> socket, Duration receiveMax) {
        this.socket = socket;
        this.readMillis = socket.getReadTimeout();
        this.writeMillis = socket.getWriteTimeout();
        this.left = receiveMax.toNanos();
    }

    /** The one whose request this thread reads. */
    static Optional<Connection> current() {
        return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
    }

    <T> T reading(Supplier<T> request) {
        return ScopedValue.where(CURRENT, this).call(request::get);
    }

    /** Is closed unless something else is said within this time. */
    void within(Duration time) {
        since = System.nanoTime();
        left = time.toNanos();
        // Who waits for bytes when it is closed wakes up by these; after it is closed, for that tells and counts why.
        socket.setReadTimeout(time.toMillis() + 2 * GuardedProtocol.LOOK_MILLIS);
        socket.setWriteTimeout(time.toMillis() + 2 * GuardedProtocol.LOOK_MILLIS);
    }

    /** Stays open until something else is said. */
    void unhurried() {
        left = Long.MAX_VALUE;
        socket.setReadTimeout(readMillis);
        socket.setWriteTimeout(writeMillis);
    }

    boolean isOver(long nowNanos) {
        return nowNanos - since > left;
    }

    boolean begunBefore(long nanos) {
        return begunNanos - nanos < 0;
    }

    void close() {
        socket.close();
    }

    /**
     * Whether the caller hung up, or said that it sends no more, which callers that gave up do. For the thread that reads the
     * request. Bytes that came are kept.
     */
    boolean gone() {
        try {
            socket.isReadyForRead();
            return socket.isClosed();
        } catch (IOException e) {
            return true;
        }
    }
}
