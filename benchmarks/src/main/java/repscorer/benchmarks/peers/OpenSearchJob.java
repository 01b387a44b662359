package repscorer.benchmarks.peers;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import repscorer.benchmarks.peers.PeerRows.Entry;
import repscorer.core.entity.EntityId;
import tools.jackson.databind.json.JsonMapper;

/**
 * The job in the words of OpenSearch. A first phase takes the nearest by dense vectors from a graph of Lucene's and the best by
 * communities from features; as a feature keeps nine bits of a weight, a script scores both exactly in a second one.
 */
final class OpenSearchJob {

    /** As many as are retrieved of both columns together. */
    private static final int WINDOW = 2 * PeerBench.RETRIEVED;

    private static final JsonMapper JSON = JsonMapper.shared();

    /** A score below 0 is refused, hence the 1. Weights of rows without communities go to what they have. */
    private static final String SCRIPT = """
            double dense = cosineSimilarity(params.dense, doc['dense']);
            if (doc['packed'].size() == 0) { return 1 + dense; }
            List columns = params.columns; List weights = params.weights;
            int size = columns.size(); int at = 0; double sparse = 0;
            for (long packed : doc['packed']) {
              int column = (int) (packed >> 32);
              while (at < size && (int) columns.get(at) < column) { at++; }
              if (at < size && (int) columns.get(at) == column) {
                sparse += (double) weights.get(at) * Float.intBitsToFloat((int) packed);
              }
            }
            return 1 + 0.5 * dense + 0.5 * sparse;
            """;

    private final PeerRows rows;
    private final int k;

    OpenSearchJob(PeerRows rows, int k) {
        this.rows = rows;
        this.k = k;
    }

    String mapping() {
        return """
                {"settings":{"index":{"knn":true,"number_of_shards":1,"number_of_replicas":0,"refresh_interval":"-1"}},
                 "mappings":{"properties":{
                  "dense":{"type":"knn_vector","dimension":%s,"method":{"name":"hnsw","engine":"lucene","space_type":"cosinesimil",
                   "parameters":{"m":16,"ef_construction":200}}},
                  "features":{"type":"rank_features"},
                  "packed":{"type":"long","index":false}}}}
                """.formatted(rows.dense().dimension());
    }

    int count() {
        return rows.dense().count();
    }

    /** Two lines of a bulk upload. */
    String lines(int row) {
        EntityId id = rows.dense().ids().id(row);
        var entries = rows.producers(id).entries();
        String features = entries.stream()
                .map(entry -> "\"c%s\":%s".formatted(entry.column(), entry.weight()))
                .collect(Collectors.joining(",", "{", "}"));
        String packed = entries.stream()
                .map(entry -> Long.toString((long) entry.column() << 32 | Float.floatToRawIntBits(entry.weight())))
                .collect(Collectors.joining(",", "[", "]"));
        return "{\"index\":{\"_id\":\"%s\"}}\n{\"dense\":%s%s}\n"
                .formatted(
                        id,
                        Arrays.toString(rows.dense().denseRows().row(row)),
                        entries.isEmpty() ? "" : ",\"features\":%s,\"packed\":%s".formatted(features, packed));
    }

    /** What asks for the best of a user. */
    String search(EntityId source) {
        float[] dense =
                rows.dense().denseRows().row(rows.dense().ids().ordinal(source).orElseThrow());
        Stream<Map<String, Object>> features =
                rows.interests(source, PeerBench.CLUSTERS).entries().stream().map(OpenSearchJob::feature);
        Map<String, Object> near = Map.of("knn", Map.of("dense", Map.of("vector", dense, "k", PeerBench.RETRIEVED)));
        var all = rows.interests(source, Integer.MAX_VALUE).entries();
        Map<String, Object> exact = Map.of(
                "source",
                SCRIPT,
                "params",
                Map.of(
                        "dense",
                        dense,
                        "columns",
                        all.stream().map(Entry::column).toList(),
                        "weights",
                        all.stream().map(entry -> (double) entry.weight()).toList()));
        return JSON.writeValueAsString(Map.of(
                "size",
                k,
                "_source",
                false,
                "track_total_hits",
                false,
                "query",
                Map.of(
                        "bool",
                        Map.of(
                                "should",
                                Stream.concat(Stream.of(near), features).toList(),
                                "must_not",
                                Map.of("ids", Map.of("values", new String[] {source.toString()})))),
                "rescore",
                Map.of(
                        "window_size",
                        WINDOW,
                        "query",
                        Map.of(
                                "rescore_query",
                                Map.of("script_score", Map.of("query", Map.of("match_all", Map.of()), "script", exact)),
                                "query_weight",
                                0,
                                "rescore_query_weight",
                                1))));
    }

    private static Map<String, Object> feature(Entry entry) {
        return Map.of(
                "rank_feature",
                Map.of("field", "features.c" + entry.column(), "linear", Map.of(), "boost", 0.5 * entry.weight()));
    }

    /** Lines of some rows. */
    String lines(int from, int to) {
        return IntStream.range(from, to).mapToObj(this::lines).collect(Collectors.joining());
    }
}
