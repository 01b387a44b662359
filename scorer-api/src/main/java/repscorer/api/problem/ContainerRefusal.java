package repscorer.api.problem;

import org.apache.catalina.connector.Request;
import org.apache.tomcat.util.http.MimeHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Why Tomcat refused a request before any filter of ours saw it, in our words: its own exception names the part, and shows
 * the value in brackets.
 */
record ContainerRefusal(int status, String detail) {

    static ContainerRefusal of(Request request, int status, @Nullable Throwable throwable) {
        String said = throwable == null ? "" : String.valueOf(throwable.getMessage());
        MimeHeaders headers = request.getCoyoteRequest().getMimeHeaders();
        return switch (status) {
            case 417 -> new ContainerRefusal(417, "Expect is 100-continue" + value(headers.getHeader("expect")));
            case 501 ->
                new ContainerRefusal(
                        501, "the one transfer encoding is chunked" + value(headers.getHeader("transfer-encoding")));
            case 505 ->
                new ContainerRefusal(
                        505,
                        "the protocol is HTTP/1.1"
                                + value(text(request.getCoyoteRequest().protocol())));
            case 400 -> malformed(request, said, headers);
            default -> new ContainerRefusal(status, Problems.detailOf(status));
        };
    }

    private static ContainerRefusal malformed(Request request, String said, MimeHeaders headers) {
        String path = text(request.getCoyoteRequest().requestURI());
        if (said.contains("too large")) {
            Object max = request.getConnector().getProperty("maxHttpRequestHeaderSize");
            return path == null
                    ? new ContainerRefusal(414, "an address and its headers have at most %s bytes".formatted(max))
                    : new ContainerRefusal(431, "an address and its headers have at most %s bytes".formatted(max));
        }
        return new ContainerRefusal(400, rule(said, path, headers));
    }

    private static String rule(String said, @Nullable String path, MimeHeaders headers) {
        if (said.contains("request target")) {
            return "an address has the characters of RFC 3986, others are written %XX" + value(shown(said));
        }
        if (said.contains("header line") || said.contains("header name")) {
            // Up to the name's end: what stands behind it may be a secret, a colon or none.
            String line = String.valueOf(shown(said));
            return "a header is a name without spaces, a colon and a value, as RFC 9112 has it"
                    + value(line.split("[\\s:]", 2)[0]);
        }
        if (said.contains("method name")) {
            return "a method is a word such as GET" + value(shown(said));
        }
        if (said.contains("HTTP protocol")) {
            return "the protocol is HTTP/1.1"
                    + value(String.valueOf(shown(said)).split("0x", 2)[0]);
        }
        String host = headers.getHeader("host");
        if (host == null || said.contains("domain") || said.contains("IPv")) {
            return host == null
                    ? "header Host is missing"
                    : "header Host is one name or address, maybe with a port"
                            + value(host.split(": ", 2)[
                                    0]); // behind it stands another header, whose line was not begun
        }
        String length = headers.getHeader("content-length");
        if (length != null && !length.matches("[0-9]{1,18}")) {
            return "header Content-Length is one whole number" + value(length);
        }
        return path != null && path.contains("%")
                ? "a path is UTF-8 without zeros, each byte written as % and two hexadecimal digits" + value(path)
                : "the address, a header or the body's chunks are not written as RFC 9112 has it" + value(path);
    }

    private static String value(@Nullable String value) {
        return value == null ? "" : ": '" + Problems.clipped(value.strip()) + "'";
    }

    private static @Nullable String shown(String said) {
        int from = said.indexOf('[');
        int to = said.lastIndexOf(']');
        return from < 0 || to < from ? null : said.substring(from + 1, to);
    }

    private static @Nullable String text(org.apache.tomcat.util.buf.MessageBytes bytes) {
        return bytes.isNull() ? null : bytes.toString();
    }

    String code() {
        return Problems.codeOf(status);
    }
}
