package repscorer.resilience;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers every connection by the same bytes and hangs up: for what no proper server would send. */
final class RawServer implements AutoCloseable {

    private final ServerSocket socket;
    private final AtomicInteger connections = new AtomicInteger();

    RawServer(String answer) {
        try {
            socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(() -> {
            while (!socket.isClosed()) {
                try (Socket connection = socket.accept()) {
                    connections.incrementAndGet();
                    int read = connection.getInputStream().read(new byte[4096]);
                    if (read > 0) {
                        connection.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                        connection.getOutputStream().flush();
                    }
                } catch (IOException e) {
                    // The next connection is another try.
                }
            }
        });
    }

    URI uri() {
        return URI.create("http://127.0.0.1:%s/".formatted(socket.getLocalPort()));
    }

    int connections() {
        return connections.get();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
