package repscorer.upstream;

import java.time.Duration;
import java.util.function.Predicate;

/** Where embeddings come from that are not held here. Safe for concurrent use; blocks plainly, so virtual threads may wait. */
public interface UpstreamEmbeddings extends AutoCloseable {

    /**
     * A request header of every fetch: a service that is asked as somebody's upstream answers out of its release alone, so
     * that services which name each other do not ask in circles.
     */
    String FETCH_HEADER = "X-Upstream-Fetch";

    /**
     * A client of a service that answers {@code GET {base}/v1/embeddings/{space}/{id}?release={release}} by
     * {@link repscorer.wire.EmbeddingsResponse}, with a cache in front.
     */
    static UpstreamEmbeddings over(UpstreamConfig config) {
        return CachedUpstreamEmbeddings.of(new HttpUpstreamEmbeddings(config), config);
    }

    /**
     * Asks for one embedding. Never throws for what the service does or answers.
     *
     * @param budget how long to wait at most; what is cached is answered even within none
     */
    UpstreamAnswer fetch(EmbeddingQuery query, Duration budget);

    /** Forgets what is kept of ids. */
    void forget(Predicate<String> ids);

    UpstreamStats stats();

    @Override
    void close();
}
