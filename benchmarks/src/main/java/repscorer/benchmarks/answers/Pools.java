package repscorer.benchmarks.answers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/** Ids of a store by kind, and random picks of them from one seed. */
final class Pools {

    static final int DIMENSION = 64;

    private static final int LINES_MAX = 20_000;
    private static final int MISSING_ONE_IN = 25;

    private final Map<String, List<String>> ids = new TreeMap<>();
    final SplittableRandom random;

    private Pools(long seed) {
        random = new SplittableRandom(seed);
    }

    /** @param network of the demo, whose labels name every entity */
    static Pools ofDemo(Path network, long seed) throws IOException {
        Pools pools = new Pools(seed);
        for (String line : Files.readAllLines(network.resolve("labels.tsv"))) {
            String id = line.substring(0, line.indexOf('\t'));
            pools.add(id.substring(0, id.indexOf(':')), id);
        }
        return pools;
    }

    static Pools ofEgoTwitter(Path data, long seed) throws IOException {
        Pools pools = new Pools(seed);
        ends(data.resolve("follows.tsv.gz"), 0).forEach(id -> pools.add("user", "user:" + id));
        ends(data.resolve("hashtags.tsv.gz"), 1).forEach(id -> pools.add("topic", "topic:" + id.substring(1)));
        ends(data.resolve("mentions.tsv.gz"), 1).forEach(id -> pools.add("account", "account:" + id));
        return pools;
    }

    private static Set<String> ends(Path file, int column) throws IOException {
        Set<String> ends = new LinkedHashSet<>();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            for (int i = 0; i < LINES_MAX && line != null; i++, line = lines.readLine()) {
                ends.add(line.split("\t", -1)[column]);
            }
        }
        return ends;
    }

    private void add(String kind, String id) {
        ids.computeIfAbsent(kind, each -> new ArrayList<>()).add(id);
    }

    List<String> kinds() {
        return List.copyOf(ids.keySet());
    }

    /** An id of a kind; now and then, and where the store has none, one that it does not hold. */
    String any(String kind) {
        List<String> known = ids.getOrDefault(kind, List.of());
        return known.isEmpty() || random.nextInt(MISSING_ONE_IN) == 0
                ? kind + ":" + (90_000_000L + random.nextInt(5))
                : known.get(random.nextInt(known.size()));
    }

    List<String> some(String kind, int count) {
        List<String> some = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            some.add(any(kind));
        }
        return some;
    }

    <T> T of(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    /** Values that are exact in decimal, so that they mean the same however they are read. */
    double[] vector(int dimension) {
        double[] vector = new double[dimension];
        for (int i = 0; i < dimension; i++) {
            vector[i] = (random.nextInt(2_049) - 1_024) / 4_096.0;
        }
        return vector;
    }

    /** A weight that is exact in decimal, above 0. */
    double weight() {
        return (1 + random.nextInt(64)) / 32.0;
    }
}
