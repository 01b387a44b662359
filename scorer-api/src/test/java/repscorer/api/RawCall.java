package repscorer.api;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** One connection, byte by byte: what a client library would not send, or not so slowly. */
final class RawCall implements AutoCloseable {

    private static final int SILENCE_MILLIS_MAX = 30_000;

    private final Socket socket = new Socket();

    RawCall(URI service) {
        try {
            socket.setSoTimeout(SILENCE_MILLIS_MAX);
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(service.getHost(), service.getPort()), 10_000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String head(String path, int length, String more) {
        return "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n%sContent-Length: %s\r\n\r\n"
                .formatted(path, more, length);
    }

    RawCall send(String text) {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    RawCall send(byte[] bytes) {
        try {
            OutputStream out = socket.getOutputStream();
            out.write(bytes);
            out.flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A whole request. */
    RawCall post(String path, String body) {
        return send(head(path, body.getBytes(StandardCharsets.UTF_8).length, "") + body);
    }

    /** All that comes until the other side closes, or nothing more of an answer is to come; empty where it closed at once. */
    String answer() {
        try {
            InputStream in = socket.getInputStream();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (int next = in.read(); next >= 0; next = in.read()) {
                bytes.write(next);
                if (isWhole(bytes.toString(StandardCharsets.UTF_8))) {
                    break;
                }
            }
            return bytes.toString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    private static boolean isWhole(String text) {
        int end = text.indexOf("\r\n\r\n");
        int length = text.indexOf("Content-Length: ");
        return end > 0
                && length > 0
                && length < end
                && text.getBytes(StandardCharsets.UTF_8).length - end - 4
                        >= Integer.parseInt(text.substring(length + 16, text.indexOf('\r', length)));
    }

    /** Says that no more will be sent. */
    void endOfRequest() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the other side has closed, within this time. */
    boolean closedWithin(int millis) {
        try {
            socket.setSoTimeout(millis);
            InputStream in = socket.getInputStream();
            byte[] bytes = new byte[1 << 16];
            while (in.read(bytes) >= 0) {}
            return true;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true; // it was reset
        }
    }

    InputStream in() throws IOException {
        return socket.getInputStream();
    }

    void receiveBuffer(int bytes) throws IOException {
        socket.setReceiveBufferSize(bytes);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
