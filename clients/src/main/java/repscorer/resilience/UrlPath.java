package repscorer.resilience;

import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * Puts an address together from a base and parts that are not trusted to be harmless: what would be read as a separator is
 * percent-encoded as UTF-8, so {@code user:a/b} stays one segment, {@code user:a%2Fb}.
 */
public final class UrlPath {

    private final StringBuilder url;
    private boolean hasQuery;

    private UrlPath(String base) {
        url = new StringBuilder(base);
    }

    /**
     * @param base an http or https address without query and fragment; its path is kept
     * @throws IllegalArgumentException for another address
     */
    public static UrlPath of(URI base) {
        checkBase("base", base);
        String text = base.toString();
        return new UrlPath(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
    }

    /** @throws IllegalArgumentException unless {@code base} is an http or https address without query and fragment */
    public static void checkBase(String key, URI base) {
        boolean http = "http".equalsIgnoreCase(base.getScheme()) || "https".equalsIgnoreCase(base.getScheme());
        if (!http || base.getHost() == null || base.getRawQuery() != null || base.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "%s must be an http or https address without query and fragment: '%s'".formatted(key, base));
        }
    }

    /** Adds fixed segments as they are, such as {@code /v1/spaces}. */
    public UrlPath path(String path) {
        url.append(path);
        return this;
    }

    /**
     * Adds one segment, encoded.
     *
     * @throws IllegalArgumentException for an empty segment, {@code .} and {@code ..}, which an address cannot hold
     */
    public UrlPath segment(String segment) {
        if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
            throw new IllegalArgumentException("not a name that an address can hold: '%s'".formatted(segment));
        }
        url.append('/');
        encode(segment);
        return this;
    }

    /** Adds a query parameter, encoded. */
    public UrlPath query(String name, String value) {
        url.append(hasQuery ? '&' : '?').append(name).append('=');
        hasQuery = true;
        encode(value);
        return this;
    }

    public URI toUri() {
        return URI.create(url.toString());
    }

    private void encode(String text) {
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            boolean plain = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '-'
                    || c == '.'
                    || c == '_'
                    || c == '~'
                    || c == ':';
            if (plain) {
                url.append(c);
            } else {
                url.append('%').append(Character.toUpperCase(Character.forDigit(c >> 4, 16)));
                url.append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
            }
        }
    }
}
