package repscorer.upstream;

import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import repscorer.json.UnreadableJsonException;
import repscorer.json.WireJson;
import repscorer.resilience.Outcome;
import repscorer.resilience.Repeat;
import repscorer.resilience.ResilienceStats;
import repscorer.resilience.ResilientHttp;
import repscorer.resilience.UrlPath;
import repscorer.wire.EmbeddingBody;
import repscorer.wire.EmbeddingBody.EntryBody;
import repscorer.wire.EmbeddingsResponse;

/** Fetches each embedding from the service and believes nothing of the answer that it has not checked. */
final class HttpUpstreamEmbeddings implements AutoCloseable {

    private final UpstreamConfig config;
    private final ResilientHttp http;

    HttpUpstreamEmbeddings(UpstreamConfig config) {
        this(config, new ResilientHttp("upstream-embeddings", config.http()));
    }

    HttpUpstreamEmbeddings(UpstreamConfig config, ResilientHttp http) {
        this.config = config;
        this.http = http;
    }

    UpstreamAnswer fetch(EmbeddingQuery query, Duration budget) {
        HttpRequest request = HttpRequest.newBuilder(UrlPath.of(config.base())
                        .path("/v1/embeddings")
                        .segment(query.space())
                        .segment(query.id())
                        .query("release", query.release())
                        .toUri())
                .header("Accept", "application/json")
                .header(UpstreamEmbeddings.FETCH_HEADER, "1")
                .build();
        return switch (http.call(request, Repeat.ON_FAILURE, budget)) {
            case Outcome.Failed failed ->
                new UpstreamAnswer.Unavailable(failed.message(), failed.cause().timedOut());
            case Outcome.Answered answered ->
                switch (answered.status()) {
                    case 200 -> decode(answered, query);
                    case 404 -> new UpstreamAnswer.Missing();
                    default -> unusable("status %s".formatted(answered.status()), query);
                };
        };
    }

    ResilienceStats stats() {
        return http.stats();
    }

    @Override
    public void close() {
        http.close();
    }

    private static UpstreamAnswer decode(Outcome.Answered answered, EmbeddingQuery query) {
        if (!answered.isJson()) {
            return unusable("content type '%s' where JSON is expected".formatted(answered.mediaType()), query);
        }
        try {
            return check(WireJson.read(answered.body(), EmbeddingsResponse.class), query);
        } catch (UnreadableJsonException e) {
            return unusable(String.valueOf(e.getMessage()), query);
        }
    }

    private static UpstreamAnswer check(EmbeddingsResponse response, EmbeddingQuery query) {
        if (!response.space().equals(query.space()) || !response.release().equals(query.release())) {
            return unusable(
                    "the answer is of space %s in release %s".formatted(response.space(), response.release()), query);
        }
        if (response.embeddings().size() != 1) {
            return unusable(
                    "%s embeddings where one is expected"
                            .formatted(response.embeddings().size()),
                    query);
        }
        EmbeddingBody body = response.embeddings().getFirst();
        if (!body.id().equals(query.id())) {
            return unusable("the answer is of id %s".formatted(body.id()), query);
        }
        float[] vector = body.vector();
        List<EntryBody> entries = body.entries();
        String missing = body.missing();
        if (missing != null) {
            if (vector != null || entries != null) {
                return unusable("an embedding and the reason '%s' for none".formatted(missing), query);
            }
            return isDoubt(missing)
                    ? unusable("the service itself lacks an answer, '%s'".formatted(missing), query)
                    : new UpstreamAnswer.Missing();
        }
        if (query.dimension().isPresent()) {
            return vector == null || entries != null
                    ? unusable("no dense vector where one is expected", query)
                    : dense(vector, query, query.dimension().getAsInt());
        }
        return entries == null || vector != null
                ? unusable("no sparse entries where they are expected", query)
                : sparse(entries, query);
    }

    private static UpstreamAnswer dense(float[] vector, EmbeddingQuery query, int dimension) {
        if (vector.length != dimension) {
            return unusable("dimension differs: expected %s, got %s".formatted(dimension, vector.length), query);
        }
        for (int i = 0; i < vector.length; i++) {
            if (!Float.isFinite(vector[i])) {
                return unusable("values must be finite: %s at place %s".formatted(vector[i], i), query);
            }
        }
        return new UpstreamAnswer.Found.Dense(vector);
    }

    private static UpstreamAnswer sparse(List<EntryBody> entries, EmbeddingQuery query) {
        int[] columns = new int[entries.size()];
        float[] weights = new float[entries.size()];
        for (int i = 0; i < columns.length; i++) {
            int column = entries.get(i).column();
            float weight = entries.get(i).weight();
            if (column < 0 || (i > 0 && column <= columns[i - 1])) {
                return unusable(
                        "columns must be ascending, distinct and not negative: %s at place %s".formatted(column, i),
                        query);
            }
            if (!(weight > 0) || weight == Float.POSITIVE_INFINITY) {
                return unusable(
                        "weights must be positive and finite: %s for column %s".formatted(weight, column), query);
            }
            columns[i] = column;
            weights[i] = weight;
        }
        return new UpstreamAnswer.Found.Sparse(columns, weights);
    }

    /** Whether the reason says that the service could not look, rather than that there is nothing. */
    private static boolean isDoubt(String missing) {
        String code = missing.toLowerCase(Locale.ROOT).replace('_', '-');
        return code.equals("timeout") || code.equals("error") || code.equals("unknown-version");
    }

    private static UpstreamAnswer unusable(String why, EmbeddingQuery query) {
        return new UpstreamAnswer.Unavailable("unusable answer: %s (%s)".formatted(why, query), false);
    }
}
