package repscorer.benchmarks.answers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where golden answers are kept: one configuration, and for each store its data and its exchanges. What they were made of is in
 * {@code work}, which a second recording uses again and which may be deleted.
 */
record GoldenFolder(Path path) {

    /** The stores, in the order they are asked in. */
    static final List<String> STORES = List.of("demo", "ego-twitter");

    private static final List<String> CONFIG = List.of(
            "scorer.yaml",
            "signals.yaml",
            "experiments/follow-blend.yaml",
            "experiments/scoring-method.yaml",
            "experiments/scoring-rules.yaml",
            "experiments/tweet-asleep.yaml",
            "spaces/facts.yaml",
            "spaces/history.yaml",
            "spaces/interests-follow.yaml",
            "spaces/interests-interest.yaml",
            "spaces/plain.yaml",
            "spaces/simclusters.yaml",
            "spaces/twhin.yaml",
            "surfaces/counts.yaml",
            "surfaces/dense-only.yaml",
            "surfaces/everything.yaml",
            "surfaces/far.yaml",
            "surfaces/follow.yaml",
            "surfaces/measures.yaml",
            "surfaces/mixtures.yaml",
            "surfaces/placing.yaml",
            "surfaces/ranks.yaml",
            "surfaces/removing.yaml",
            "surfaces/rounds.yaml",
            "surfaces/scoring.yaml",
            "surfaces/search.yaml",
            "surfaces/sparse-only.yaml",
            "surfaces/tweet.yaml");

    Path config() {
        return path.resolve("config");
    }

    /** The data directory of a store's service, as it is before the first request. */
    Path data(String store) {
        return path.resolve(store);
    }

    Path exchanges(String store) {
        return path.resolve(store + ".jsonl");
    }

    Path work() {
        return path.resolve("work");
    }

    void writeConfig() throws IOException {
        for (String name : CONFIG) {
            resource("config/" + name, config().resolve(name));
        }
    }

    /** Copies a file that comes with this package. */
    static void resource(String name, Path to) throws IOException {
        Files.createDirectories(to.toAbsolutePath().getParent());
        try (InputStream in = GoldenFolder.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("no such resource: " + name);
            }
            Files.write(to, in.readAllBytes());
        }
    }

    static void copyTree(Path from, Path to) throws IOException {
        List<Path> entries;
        try (Stream<Path> walk = Files.walk(from)) {
            entries = walk.toList();
        }
        for (Path entry : entries) {
            Path target = to.resolve(from.relativize(entry).toString());
            if (Files.isDirectory(entry)) {
                Files.createDirectories(target);
            } else {
                Files.copy(entry, target);
            }
        }
    }
}
