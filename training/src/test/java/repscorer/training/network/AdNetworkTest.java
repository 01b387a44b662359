package repscorer.training.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ads of a made-up network: 800 users of ten topics. */
class AdNetworkTest {

    private static final long NOW = 1_793_491_200L;

    @TempDir
    Path directory;

    private List<String[]> rows(String name) throws IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(directory.resolve(name + ".tsv.gz"))),
                StandardCharsets.UTF_8))) {
            return reader.lines().map(line -> line.split("\t", -1)).toList();
        }
    }

    private Map<String, String> entries(String name) throws IOException {
        Map<String, String> entries = new HashMap<>();
        for (String line : Files.readAllLines(directory.resolve(name + ".jsonl"))) {
            String[] parts = line.split("\"", -1);
            entries.put(parts[3], parts[7] + parts[8].replaceAll("[:}]", " "));
        }
        return entries;
    }

    @Test
    void everyAdHasAnAdvertiserATopicAValueAndWords() throws IOException {
        NetworkSummary summary = SyntheticNetwork.write(new NetworkOptions(800, 1_000, 10, 9), directory);
        assertThat(summary.edges()).containsEntry("advertise", 80).containsEntry("ad-about", 80);
        Map<String, String> categories = entries("ad-category");
        assertThat(categories).hasSize(80);
        assertThat(entries("ad-value").values()).hasSize(80).allMatch(each -> {
            double value = Double.parseDouble(each.replace("currency:eur", "").strip());
            return value >= .02 && value < 5;
        });
        assertThat(entries("ad-advertiser").values()).allMatch(each -> each.startsWith("advertiser:"));
        for (String[] about : rows("ad-about")) {
            assertThat(categories.get("ad:" + about[0])).startsWith("topic:" + about[1] + " ");
        }
        assertThat(Files.readAllLines(directory.resolve("labels.tsv")).stream().filter(line -> line.startsWith("ad:")))
                .hasSize(80)
                .allMatch(line -> line.matches("ad:\\d+\t[A-Z][a-z-]+ [A-Z][a-z]+ on [a-z-]+: \".+[.?]\""));
    }

    @Test
    void clicksComeAsOftenAsTheirProbabilitySaysAndOneLikesOnesOwnTopics() throws IOException {
        SyntheticNetwork.write(new NetworkOptions(2_000, 1_000, 10, 9), directory);
        Map<String, String> categories = entries("ad-category");
        Map<String, Set<String>> topics = new HashMap<>();
        for (String line : Files.readAllLines(directory.resolve("truth.tsv"))) {
            String[] parts = line.split("\t", -1);
            topics.put(parts[0], Set.of(parts[2].split(",", -1)));
        }
        double expected = 0;
        int clicks = 0;
        double[] own = new double[2];
        double[] others = new double[2];
        List<String[]> impressions = rows("impression");
        assertThat(impressions).hasSize(2_000 * AdNetwork.LATER);
        for (String[] row : impressions) {
            double probability = Double.parseDouble(row[4]);
            expected += probability;
            clicks += row[3].equals("1") ? 1 : 0;
            String category = Objects.requireNonNull(categories.get("ad:" + row[1]));
            boolean liked = Objects.requireNonNull(topics.get("user:" + row[0])).stream()
                    .anyMatch(t -> category.startsWith("topic:" + t + " "));
            double[] sums = liked ? own : others;
            sums[0] += probability;
            sums[1]++;
            assertThat(Long.parseLong(row[2])).isBetween(NOW - 7 * 86_400, NOW);
        }
        assertThat(clicks / expected).as("%s clicks", clicks).isCloseTo(1, within(4 / Math.sqrt(expected)));
        assertThat(own[0] / own[1]).isGreaterThan(5 * others[0] / others[1]);
        assertThat(rows("click")).isNotEmpty().allMatch(row -> Long.parseLong(row[2]) < NOW - 7 * 86_400);
    }
}
