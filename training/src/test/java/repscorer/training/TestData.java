package repscorer.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;
import repscorer.training.network.NetworkOptions;
import repscorer.training.network.SyntheticNetwork;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.TwhinPlan;
import repscorer.training.plan.YamlFiles;

/** Data that tests share: where real data is, and small networks made on the spot. */
public final class TestData {

    private TestData() {}

    /** The project's root. */
    public static Path root() {
        return Path.of(System.getProperty("repscorer.root", ".."))
                .toAbsolutePath()
                .normalize();
    }

    /** A folder of real data, or empty with one printed line that says what was skipped. */
    public static Optional<Path> directory(String folder) {
        String named = System.getenv("REPSCORER_DATA");
        Path data =
                named != null ? Path.of(named) : root().resolveSibling("shared").resolve("data");
        Path directory = data.resolve(folder);
        if (Files.isDirectory(directory)) {
            return Optional.of(directory);
        }
        System.out.printf("SKIPPED: no data in %s; REPSCORER_DATA names another place%n", directory);
        return Optional.empty();
    }

    /** Writes a network of 600 users, 900 tweets and 8 topics. */
    public static Path smallNetwork(Path directory) {
        try {
            SyntheticNetwork.write(new NetworkOptions(600, 900, 8, 5), directory);
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A plan for {@link #smallNetwork}, quick rather than good. */
    public static TrainingPlan smallPlan() {
        return YamlFiles.parse(Path.of("small.yaml"), """
                name: small
                seed: 3
                relations:
                  - {name: follow, files: [follow.tsv.gz], columns: [head, tail, time], head: user, tail: user, history: true}
                  - {name: favorite, files: [favorite.tsv.gz], columns: [head, tail, time], head: user, tail: tweet}
                  - {name: author, files: [author.tsv.gz], columns: [head, tail, time], head: user, tail: tweet}
                  - {name: interest, files: [interest.tsv.gz], head: user, tail: topic, history: true}
                  - {name: about, files: [about.tsv.gz], head: tweet, tail: topic}
                hold-out: {follow: 0.1, favorite: 0.1}
                twhin: {dimension: 32, epochs: 10, batch-size: 64, negatives-uniform: 56, negatives-prevalence: 8, scale: 6}
                simclusters:
                  follow: follow
                  communities: 16
                  social-proof-min: 1
                  half-life: 14d
                  interest-clusters-max: 8
                  items: {favorite: 1, author: 2, interest: 1}
                interests: {clusters: {follow: 24, favorite: 24}, neighbours: 10}
                evaluation: {users: 150, k: [10, 50], retrieve: 100}
                """, TrainingPlan.class);
    }

    /** A plan's section {@code twhin} with some keys set, written as YAML. */
    public static TwhinPlan twhin(String keys) {
        return YamlFiles.parse(Path.of("twhin.yaml"), "{" + keys + "}", TwhinPlan.class);
    }

    /** Normal values. */
    public static float[] gaussian(int n, SplittableRandom random) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
