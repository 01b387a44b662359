package repscorer.api.config;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import repscorer.yaml.ConfigException;

/**
 * Who may reach the service under which name, and how: {@code http} of {@code scorer.yaml}.
 *
 * @param openReads who may ask for candidates, scores and embeddings without a key
 * @param hosts names that callers know the service by, beside addresses and {@code localhost}; a service that listens on
 *     loopback answers to no other name, one that listens elsewhere only where names are given
 * @param forwardedHeaders whether {@code X-Forwarded-Proto}, {@code -Host}, {@code -Port}, {@code -For} and
 *     {@code -Prefix} are believed: only behind a proxy that sets or removes each of them
 * @param corsOrigins origins whose pages may call, such as {@code https://app.example.com}
 */
public record HttpSettings(
        OpenReads openReads, List<String> hosts, boolean forwardedHeaders, List<String> corsOrigins, Tls tls) {

    /** Where callers need no key to read. */
    public enum OpenReads {
        /** Where the service listens on loopback, so that nobody but this machine reaches it. */
        LOOPBACK,
        EVERYWHERE,
        NOWHERE
    }

    public static final HttpSettings DEFAULT =
            new HttpSettings(OpenReads.LOOPBACK, List.of(), false, List.of(), Tls.DEFAULT);

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?");

    public HttpSettings {
        hosts = hosts.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
        corsOrigins = List.copyOf(corsOrigins);
        for (String host : hosts) {
            if (!NAME.matcher(host).matches()) {
                throw new IllegalArgumentException("hosts are names without a port: '%s'".formatted(host));
            }
        }
        for (String origin : corsOrigins) {
            if (!isOrigin(origin)) {
                throw new IllegalArgumentException(
                        "cors-origins are origins such as https://app.example.com: '%s'".formatted(origin));
            }
        }
    }

    private static boolean isOrigin(String text) {
        try {
            URI uri = URI.create(text);
            return uri.getHost() != null
                    && List.of("http", "https").contains(uri.getScheme())
                    && text.equals("%s://%s".formatted(uri.getScheme(), uri.getRawAuthority()))
                    && uri.getRawUserInfo() == null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * A certificate and its key, both as PEM; where none is given, connections are plain.
     *
     * @param certificate path of a file: the certificate, then those that signed it
     * @param privateKey path of a file: the key, not encrypted
     */
    public record Tls(String certificate, String privateKey) {

        public static final Tls DEFAULT = new Tls("", "");

        public Tls {
            for (String file : List.of(certificate, privateKey)) {
                if (!file.isEmpty() && !Files.isReadable(Path.of(file))) {
                    throw new IllegalArgumentException("certificate and private-key are files: '%s'".formatted(file));
                }
            }
        }

        public boolean enabled() {
            return !certificate.isEmpty();
        }

        /** The rule over both, which come one by one where variables give them. */
        void checkPair() {
            if (certificate.isEmpty() != privateKey.isEmpty()) {
                throw new ConfigException("http.tls: certificate and private-key go together");
            }
        }
    }
}
