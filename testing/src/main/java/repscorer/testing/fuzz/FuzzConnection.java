package repscorer.testing.fuzz;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A connection that sends any bytes, and reads answers as RFC 9112 frames them. It is opened anew when it was closed. For one thread. */
final class FuzzConnection implements AutoCloseable {

    private static final int CONNECT_MILLIS = 10_000;
    private static final int LINE_MAX = 100_000;

    private final InetSocketAddress address;
    private final int patienceMillis;
    private @Nullable Socket socket;
    private @Nullable InputStream in;
    private boolean begun; // whether anything of an answer came

    /** @param patienceMillis how long nothing may come */
    FuzzConnection(URI service, int patienceMillis) {
        this.address = new InetSocketAddress(service.getHost(), service.getPort());
        this.patienceMillis = patienceMillis;
    }

    /**
     * Sends a request and reads its answer.
     *
     * @throws SocketTimeoutException where nothing came in time: the service hangs
     * @throws IOException where what came is no answer of HTTP
     */
    FuzzAnswer ask(FuzzRequest request) throws IOException {
        boolean reused = socket != null;
        begun = false;
        try {
            return once(request);
        } catch (SocketTimeoutException e) {
            close();
            throw e;
        } catch (IOException e) {
            close();
            if (reused && !begun) {
                return ask(request); // the service closed it meanwhile
            }
            if (request.noise()) {
                return FuzzAnswer.NONE;
            }
            throw e;
        }
    }

    private FuzzAnswer once(FuzzRequest request) throws IOException {
        if (socket == null) {
            Socket fresh = new Socket();
            fresh.connect(address, CONNECT_MILLIS);
            fresh.setTcpNoDelay(true);
            fresh.setSoTimeout(patienceMillis);
            socket = fresh;
            in = new BufferedInputStream(fresh.getInputStream(), 1 << 14);
        }
        Socket open = socket;
        try {
            open.getOutputStream().write(request.bytes());
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            // It was refused before it was read; the answer may be there all the same.
        }
        if (request.noise()) {
            open.shutdownOutput(); // or the service would wait for more
        }
        InputStream answers = Objects.requireNonNull(in);
        answers.mark(1);
        begun = answers.read() >= 0;
        answers.reset();
        FuzzAnswer answer = read(answers, request.headless());
        if (request.noise() || answer.header("connection").equalsIgnoreCase("close")) {
            close();
        }
        return answer;
    }

    private static FuzzAnswer read(InputStream in, boolean headless) throws IOException {
        String first = line(in);
        if (!first.matches("HTTP/1\\.[01] [1-5][0-9][0-9].*")) {
            throw new IOException("no line of a status: " + first);
        }
        int status = Integer.parseInt(first.substring(9, 12));
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            if (colon <= 0) {
                throw new IOException("no header: " + line);
            }
            headers.merge(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip(),
                    (a, b) -> a + ", " + b);
        }
        if (status < 200) {
            return read(in, headless); // 100 Continue
        }
        byte[] body;
        if (headless || status == 204 || status == 304) {
            body = new byte[0];
        } else if (headers.getOrDefault("transfer-encoding", "").equals("chunked")) {
            body = chunks(in);
        } else if (headers.containsKey("content-length")) {
            int length = Integer.parseInt(headers.get("content-length"));
            body = in.readNBytes(length);
            if (body.length < length) {
                throw new EOFException("%s of %s bytes of a body came".formatted(body.length, length));
            }
        } else {
            body = in.readAllBytes();
        }
        return new FuzzAnswer(status, headers, body);
    }

    private static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            int length = Integer.parseInt(line(in).strip(), 16);
            byte[] chunk = in.readNBytes(length);
            if (chunk.length < length) {
                throw new EOFException("a chunk ends early");
            }
            body.write(chunk);
            if (!line(in).isEmpty()) {
                throw new IOException("a chunk is longer than it says");
            }
            if (length == 0) {
                return body.toByteArray();
            }
        }
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0 || line.size() > LINE_MAX) {
                throw new EOFException("no whole line: " + line.toString(StandardCharsets.ISO_8859_1));
            }
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException e) {
            // It is of no more use either way.
        }
        socket = null;
        in = null;
    }
}
