package repscorer.api.security;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyType;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.proc.SecurityContext;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import repscorer.api.config.JwtSettings;

/** Reads an issuer's keys, out of a file or by HTTP, within a time and up to a size. Safe for concurrent use. */
final class JwkSets implements JWKSetSource<SecurityContext> {

    private static final Logger LOG = LoggerFactory.getLogger(JwkSets.class);

    static final Duration FETCH_MAX = Duration.ofSeconds(3);

    private static final int BYTES_MAX = 256 << 10;
    private static final int RSA_BITS_MIN = 2_048;
    private static final int OK = 200;

    private final JwtSettings settings;
    private final @Nullable HttpClient http;
    private volatile long readAt;
    private volatile boolean read;

    JwkSets(JwtSettings settings) {
        this.settings = settings;
        this.http = settings.address().isEmpty()
                ? null
                : HttpClient.newBuilder()
                        .connectTimeout(FETCH_MAX)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .build();
    }

    /** Whether keys were read that may still be used. */
    boolean any() {
        return read
                && System.nanoTime() - readAt
                        <= settings.refresh().plus(settings.outageMax()).toNanos();
    }

    @Override
    public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator refresh, long now, @Nullable SecurityContext context)
            throws KeySourceException {
        try {
            JWKSet keys = usable(JWKSet.parse(new String(bytes(), StandardCharsets.UTF_8)));
            readAt = System.nanoTime();
            read = true;
            return keys;
        } catch (IOException | ParseException e) {
            LOG.warn("the keys of issuer {} cannot be read: {}", settings.issuer(), e.getMessage());
            throw new JWKSetUnavailableException("the keys of the issuer cannot be read", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JWKSetUnavailableException("interrupted while the keys of the issuer were read", e);
        }
    }

    /** Public keys that cannot be found out: neither secrets nor short ones. */
    private static JWKSet usable(JWKSet all) throws IOException {
        List<JWK> keys = all.getKeys().stream()
                .filter(key -> key.getKeyType().equals(KeyType.EC)
                        || (key.getKeyType().equals(KeyType.RSA) && key.size() >= RSA_BITS_MIN))
                .map(JWK::toPublicJWK)
                .toList();
        if (keys.isEmpty()) {
            throw new IOException("none of its %s keys is of an elliptic curve or RSA of %s bits"
                    .formatted(all.getKeys().size(), RSA_BITS_MIN));
        }
        return new JWKSet(keys);
    }

    private byte[] bytes() throws IOException, InterruptedException {
        URI address = settings.address().orElse(null);
        if (address == null || http == null) {
            try (InputStream in = Files.newInputStream(settings.file())) {
                return upTo(in);
            }
        }
        HttpRequest request = HttpRequest.newBuilder(address)
                .header("Accept", "application/jwk-set+json, application/json")
                .build();
        CompletableFuture<byte[]> fetched = http.sendAsync(
                        request, HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), BYTES_MAX))
                .thenApply(JwkSets::body);
        try {
            return fetched.get(
                    FETCH_MAX.toMillis(), TimeUnit.MILLISECONDS); // the whole answer, however slowly it drips
        } catch (TimeoutException e) {
            fetched.cancel(true);
            throw new IOException("%s took longer than %s".formatted(address, FETCH_MAX), e);
        } catch (ExecutionException e) {
            throw new IOException("%s: %s".formatted(address, e.getCause()), e);
        }
    }

    private static byte[] body(HttpResponse<byte[]> response) {
        if (response.statusCode() != OK) {
            throw new IllegalStateException("it answered " + response.statusCode());
        }
        return response.body();
    }

    private static byte[] upTo(InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(BYTES_MAX + 1);
        if (bytes.length > BYTES_MAX) {
            throw new IOException("it has more than %s bytes".formatted(BYTES_MAX));
        }
        return bytes;
    }

    @Override
    public void close() {
        if (http != null) {
            http.shutdownNow();
        }
    }
}
