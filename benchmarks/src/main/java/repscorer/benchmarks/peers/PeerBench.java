package repscorer.benchmarks.peers;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.StreamSupport;
import repscorer.benchmarks.answers.ServiceProcess;
import repscorer.benchmarks.overload.Callers;
import repscorer.benchmarks.overload.OpenLoop;
import repscorer.benchmarks.overload.OpenLoop.Outcome;
import repscorer.benchmarks.proof.StoreCopy;
import repscorer.core.entity.EntityId;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code bench requests --engines ours,opensearch}: both services hold the same rows and are asked for the same, in turn: the nearest
 * 400 by a dense and the best 400 by a sparse column, both scored exactly over the union, weighed one to one, and the best of them.
 * Nothing is normalised, translated or excluded but the source itself, so that one formula says what is right. OpenSearch is
 * sent the source's vectors, where ours looks them up.
 */
public final class PeerBench {

    static final int RETRIEVED = 400;
    static final int CLUSTERS = 50;

    private static final int OK = 200;
    private static final int PATIENCE_MILLIS = 30_000;
    private static final int BODIES = 2_000;
    private static final int COMPARED = 100;
    private static final double WARM_UP_SECONDS = 20;
    private static final String INDEX = "users";
    private static final String SURFACE = """
            surface: peer
            kinds: [user]
            k-default: 50
            blend: {method: linear, normalizer: none}
            columns:
              - name: twhin
                form: dense
                sources: {user: %s}
                candidates: {user: %s}
                similarity: cosine
                retrieve: %s
                ef: %s
                weight: 0.5
              - name: simclusters
                form: sparse
                sources: {user: %s}
                candidates: {user: %s}
                similarity: cosine
                retrieve: %s
                clusters-scanned: %s
                weight: 0.5
            """.formatted(
                    PeerRows.DENSE,
                    PeerRows.DENSE,
                    RETRIEVED,
                    RETRIEVED,
                    PeerRows.INTERESTS,
                    PeerRows.PRODUCERS,
                    RETRIEVED,
                    CLUSTERS);

    private final int k;
    private final int connections;
    private final double seconds;
    private final int rounds;

    /** @param seconds of each round, of which each service has as many */
    public PeerBench(int k, int connections, double seconds, int rounds) {
        this.k = k;
        this.connections = connections;
        this.seconds = seconds;
        this.rounds = rounds;
    }

    /** One of the services, and what it costs. */
    private record Asked(String name, OpenLoop.Call call, LongSupplier cpuMillis, List<Double> perCpuSecond) {}

    public void run(Path root, Path config, Path data, Path scratch, PrintStream out)
            throws IOException, InterruptedException {
        PeerRows rows = PeerRows.of(data);
        List<EntityId> sources = rows.sources();
        Path surfaces = StoreCopy.of(config, scratch.resolve("config"));
        Files.writeString(surfaces.resolve("surfaces/peer.yaml"), SURFACE);
        OpenSearchJob job = new OpenSearchJob(rows, k);
        List<String> searches = new ArrayList<>();
        for (int i = 0; i < Math.min(BODIES, sources.size()); i++) {
            searches.add(job.search(source(sources, i)));
        }
        try (OpenSearchProcess peer = OpenSearchProcess.start(root, scratch.resolve("opensearch"))) {
            peer.index(INDEX, job);
            try (ServiceProcess ours = ServiceProcess.start(root, surfaces, data, scratch.resolve("log"));
                    Callers oursCallers = new Callers(ours.address(), PATIENCE_MILLIS, "");
                    Callers peerCallers = new Callers(peer.address(), PATIENCE_MILLIS, "")) {
                overlap(ours.address(), peer.address(), sources, searches, out);
                measure(
                        List.of(
                                new Asked(
                                        "ours",
                                        number -> oursCallers.post(
                                                "/v1/candidates", body(source(sources, number % searches.size()))),
                                        ours::cpuMillis,
                                        new ArrayList<>()),
                                new Asked(
                                        "opensearch",
                                        number -> peerCallers.post(
                                                "/" + INDEX + "/_search", searches.get(number % searches.size())),
                                        peer::cpuMillis,
                                        new ArrayList<>())),
                        out);
            }
        }
    }

    private void measure(List<Asked> services, PrintStream out) throws IOException, InterruptedException {
        for (Asked service : services) {
            OpenLoop.closed(connections, WARM_UP_SECONDS, service.call());
        }
        for (int round = 0; round < rounds; round++) {
            for (Asked service : services) {
                long before = service.cpuMillis().getAsLong();
                Outcome outcome = OpenLoop.closed(connections, seconds, service.call());
                double cpuSeconds = (service.cpuMillis().getAsLong() - before) / 1e3;
                if (outcome.count(OK) < outcome.calls()) {
                    throw new IOException("%s answered %s of %s requests"
                            .formatted(service.name(), outcome.count(OK), outcome.calls()));
                }
                service.perCpuSecond().add(outcome.calls() / cpuSeconds);
                out.printf(
                        Locale.ROOT,
                        "%s, %s callers: %.0f requests a CPU second, p50 %.2f ms, p99 %.2f ms%n",
                        service.name(),
                        connections,
                        outcome.calls() / cpuSeconds,
                        outcome.millis(OK, .5),
                        outcome.millis(OK, .99));
            }
        }
        double ours = median(services.getFirst().perCpuSecond());
        double peer = median(services.getLast().perCpuSecond());
        out.printf(
                Locale.ROOT,
                "medians: ours %.0f requests a CPU second, opensearch %.0f: ratio %.2f%n",
                ours,
                peer,
                ours / peer);
    }

    /** The share of ours' answers that OpenSearch gives as well. */
    private void overlap(URI ours, URI peer, List<EntityId> sources, List<String> searches, PrintStream out)
            throws IOException, InterruptedException {
        int both = 0;
        int all = 0;
        int compared = Math.min(COMPARED, searches.size());
        for (int i = 0; i < compared; i++) {
            Set<String> found = ids(
                    post(peer + "/" + INDEX + "/_search", searches.get(i))
                            .path("hits")
                            .path("hits"),
                    "_id");
            Set<String> wanted =
                    ids(post(ours + "/v1/candidates", body(source(sources, i))).path("candidates"), "id");
            all += wanted.size();
            wanted.retainAll(found);
            both += wanted.size();
        }
        out.printf(
                Locale.ROOT,
                "overlap@%s of both services' answers to %s requests: %.4f%n",
                k,
                compared,
                (double) both / Math.max(1, all));
    }

    private static Set<String> ids(JsonNode list, String name) {
        Set<String> ids = new HashSet<>();
        StreamSupport.stream(list.spliterator(), false)
                .map((JsonNode each) -> each.path(name).asString())
                .forEach(ids::add);
        return ids;
    }

    private static JsonNode post(String url, String body) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create(url))
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofString());
            if (answer.statusCode() != OK) {
                throw new IOException("%s: %s %s".formatted(url, answer.statusCode(), answer.body()));
            }
            return JsonMapper.shared().readTree(answer.body());
        }
    }

    private static EntityId source(List<EntityId> sources, int number) {
        return sources.get((int) (number * 7_919L % sources.size()));
    }

    private String body(EntityId source) {
        return "{\"surface\":\"peer\",\"source\":{\"id\":\"%s\"},\"k\":%s}".formatted(source, k);
    }

    private static double median(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
