package repscorer.benchmarks.overload;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

/**
 * Callers of one service that hold a connection each, and give up after a time. It takes little of the processors that it
 * shares with the service. Safe for concurrent use.
 */
public final class Callers implements AutoCloseable {

    /** What became of a call: a status of HTTP, or one of these. */
    public static final int GAVE_UP = 0;

    public static final int BROKEN = -1;

    private static final int CONNECT_MILLIS = 2_000;

    private final InetSocketAddress address;
    private final int patienceMillis;
    private final String headers;
    private final ConcurrentLinkedDeque<Line> idle = new ConcurrentLinkedDeque<>();

    /**
     * @param patienceMillis how long a caller waits
     * @param headers more of them, each ended by CR and LF
     */
    public Callers(URI service, int patienceMillis, String headers) {
        this.address = new InetSocketAddress(service.getHost(), service.getPort());
        this.patienceMillis = patienceMillis;
        this.headers = headers;
    }

    /** Opens as many connections ahead. */
    public void connect(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            idle.push(new Line(address));
        }
    }

    /** Posts a body and waits for the answer: its status, or what became of it. */
    public int post(String path, String body) {
        long deadline = System.nanoTime() + patienceMillis * 1_000_000L;
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        byte[] head = "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\n%sContent-Length: %s\r\n\r\n"
                .formatted(path, address.getHostString(), headers, content.length)
                .getBytes(StandardCharsets.ISO_8859_1);
        byte[] request = new byte[head.length + content.length];
        System.arraycopy(head, 0, request, 0, head.length);
        System.arraycopy(content, 0, request, head.length, content.length);
        Line line = idle.poll();
        try {
            line = line == null ? new Line(address) : line;
            int status = line.ask(request, deadline);
            if (line.closes) {
                line.close();
            } else {
                idle.push(line);
            }
            return status;
        } catch (SocketTimeoutException e) {
            close(line);
            return GAVE_UP;
        } catch (IOException e) {
            close(line);
            return BROKEN;
        }
    }

    private static void close(@Nullable Line line) {
        if (line != null) {
            line.close();
        }
    }

    @Override
    public void close() {
        for (Line line = idle.poll(); line != null; line = idle.poll()) {
            line.close();
        }
    }

    private static final class Line {

        private final Socket socket;
        private final InputStream in;
        private boolean closes;

        Line(InetSocketAddress address) throws IOException {
            socket = new Socket();
            socket.setTcpNoDelay(true);
            socket.connect(address, CONNECT_MILLIS);
            in = new BufferedInputStream(socket.getInputStream(), 1 << 14);
        }

        int ask(byte[] request, long deadline) throws IOException {
            socket.getOutputStream().write(request);
            int status = 0;
            long length = 0;
            for (String header = line(deadline); !header.isEmpty(); header = line(deadline)) {
                String lower = header.toLowerCase(Locale.ROOT);
                if (lower.startsWith("http/1.1 ")) {
                    status = Integer.parseInt(header.substring(9, 12));
                } else if (lower.startsWith("content-length:")) {
                    length = Long.parseLong(header.substring(15).strip());
                } else if (lower.startsWith("transfer-encoding:")) {
                    throw new IOException("answers of a known length are expected");
                } else if (lower.startsWith("connection: close")) {
                    closes = true;
                }
            }
            while (length > 0) {
                patience(deadline);
                long skipped = in.skip(length);
                if (skipped == 0) {
                    if (in.read() < 0) {
                        throw new EOFException("the answer ends early");
                    }
                    skipped = 1;
                }
                length -= skipped;
            }
            return status;
        }

        private String line(long deadline) throws IOException {
            StringBuilder line = new StringBuilder();
            while (true) {
                if (in.available() == 0) {
                    patience(deadline);
                }
                int next = in.read();
                if (next < 0) {
                    throw new EOFException("no answer");
                }
                if (next == '\n') {
                    return line.toString();
                }
                if (next != '\r') {
                    line.append((char) next);
                }
            }
        }

        private void patience(long deadline) throws IOException {
            long millis = (deadline - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                throw new SocketTimeoutException("gave up");
            }
            socket.setSoTimeout((int) millis);
        }

        void close() {
            try {
                socket.close();
            } catch (IOException e) {
                // It is of no more use either way.
            }
        }
    }
}
