package repscorer.training.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SyntheticNetworkTest {

    private static final NetworkOptions OPTIONS = new NetworkOptions(800, 1000, 10, 9);

    @TempDir
    Path directory;

    @Test
    void equalOptionsGiveEqualBytes() throws IOException {
        SyntheticNetwork.write(OPTIONS, directory.resolve("a"));
        SyntheticNetwork.write(OPTIONS, directory.resolve("b"));
        SyntheticNetwork.write(new NetworkOptions(800, 1000, 10, 10), directory.resolve("c"));
        try (Stream<Path> files = Files.list(directory.resolve("a"))) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(19);
            for (Path file : all) {
                Path twin = directory.resolve("b").resolve(file.getFileName());
                assertThat(twin).hasSameBinaryContentAs(file);
            }
        }
        assertThat(Files.readAllBytes(directory.resolve("c/follow.tsv.gz")))
                .isNotEqualTo(Files.readAllBytes(directory.resolve("a/follow.tsv.gz")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ar-EG", "ne-NP", "tr-TR"})
    @DisplayName("S19 labels, ids and edges are the same bytes in every place")
    void filesDoNotDependOnThePlace(String tag) throws IOException {
        Locale home = Locale.getDefault();
        try {
            Locale.setDefault(Locale.ROOT);
            SyntheticNetwork.write(OPTIONS, directory.resolve("home"));
            Locale.setDefault(Locale.forLanguageTag(tag));
            SyntheticNetwork.write(OPTIONS, directory.resolve("abroad"));
        } finally {
            Locale.setDefault(home);
        }
        try (Stream<Path> files = Files.list(directory.resolve("home"))) {
            assertThat(files.toList())
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(directory.resolve("abroad").resolve(file.getFileName()))
                            .hasSameBinaryContentAs(file));
        }
    }

    @Test
    void mostFollowsStayInsideASharedTopic() throws IOException {
        NetworkSummary summary = SyntheticNetwork.write(OPTIONS, directory);
        Map<String, Set<String>> topics = new HashMap<>();
        for (String line : Files.readAllLines(directory.resolve("truth.tsv"))) {
            String[] parts = line.split("\t", -1);
            topics.put(parts[0], Set.of(parts[2].split(",", -1)));
            assertThat(parts[2]).startsWith(parts[1]);
        }
        assertThat(topics).hasSize(800);
        List<String> follows = lines("follow");
        assertThat(summary.edges()).containsEntry("follow", follows.size());
        long shared = follows.stream()
                .map(line -> line.split("\t", -1))
                .filter(p -> {
                    Set<String> both = new HashSet<>(topics.get("user:" + p[0]));
                    both.retainAll(topics.get("user:" + p[1]));
                    return !both.isEmpty();
                })
                .count();
        assertThat((double) shared / follows.size()).isBetween(0.7, 0.95);
        assertThat(new HashSet<>(follows)).as("no edge twice").hasSameSizeAs(follows);
    }

    @Test
    void everyIdHasWordsAndEveryEngagementComesAfterItsTweet() throws IOException {
        SyntheticNetwork.write(OPTIONS, directory);
        Map<String, String> labels = new HashMap<>();
        for (String line : Files.readAllLines(directory.resolve("labels.tsv"))) {
            String[] parts = line.split("\t", -1);
            labels.put(parts[0], parts[1]);
        }
        assertThat(labels).hasSize(800 + 1000 + 10 + 80 + 8);
        assertThat(labels.get("user:0")).matches("@[a-z]+_[a-z]+\\d* — [a-z-]+(, [a-z-]+)*");
        assertThat(labels.get("tweet:0")).matches("@[a-z]+_[a-z]+\\d* on [a-z-]+: \".+\"");
        Map<String, Long> written = new HashMap<>();
        for (String line : lines("author")) {
            String[] parts = line.split("\t", -1);
            written.put(parts[1], Long.parseLong(parts[2]));
        }
        for (String line : lines("favorite")) {
            String[] parts = line.split("\t", -1);
            assertThat(Long.parseLong(parts[2])).isGreaterThan(written.get(parts[1]));
        }
    }

    @Test
    void optionsHaveBounds() {
        assertThatThrownBy(() -> new NetworkOptions(10, 1, 2, 1)).hasMessage("users must be 50 to 10000000: 10");
        assertThatThrownBy(() -> new NetworkOptions(50, 1, 33, 1)).hasMessage("topics must be 2 to 32: 33");
    }

    private List<String> lines(String relation) throws IOException {
        Path file = directory.resolve(relation + ".tsv.gz");
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        }
    }
}
