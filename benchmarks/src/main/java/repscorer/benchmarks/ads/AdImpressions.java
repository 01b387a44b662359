package repscorer.benchmarks.ads;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.GZIPInputStream;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;

/** What the people of a made-up network were shown, in the order of time, as tables that {@code rank train} reads. */
final class AdImpressions {

    private static final EntityKind AD = new EntityKind("ad");

    /** @param probability that the network clicked with */
    record Impression(EntityId user, EntityId ad, long seconds, boolean clicked, double probability) {}

    private final List<Impression> all;

    private AdImpressions(List<Impression> all) {
        this.all = all;
    }

    static AdImpressions read(Path network) throws IOException {
        List<Impression> all = new ArrayList<>();
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(network.resolve("impression.tsv.gz"))),
                StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                String[] cells = line.split("\t", -1);
                all.add(new Impression(
                        EntityId.of(EntityKind.USER, Integer.parseInt(cells[0])),
                        EntityId.of(AD, Integer.parseInt(cells[1])),
                        Long.parseLong(cells[2]),
                        cells[3].equals("1"),
                        Double.parseDouble(cells[4])));
            }
        }
        all.sort(Comparator.comparingLong(Impression::seconds));
        return new AdImpressions(all);
    }

    /** Those that models are learnt of: the first share of all. */
    List<Impression> learnt(double share) {
        return all.subList(0, (int) (share * all.size()));
    }

    /** Those that models are judged by: all the others. */
    List<Impression> judged(double share) {
        return all.subList((int) (share * all.size()), all.size());
    }

    /** Writes a table whose columns are called as features are. */
    static void write(List<Impression> impressions, AdFeatures features, List<String> names, Path file)
            throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write(String.join("\t", names) + "\tclick\ttime\n");
            for (Impression each : impressions) {
                for (String name : names) {
                    double value = features.value(name, each.user(), each.ad());
                    out.write((Double.isNaN(value) ? "" : Float.toString((float) value)) + "\t");
                }
                out.write("%s\t%s\n".formatted(each.clicked() ? 1 : 0, each.seconds() * 1_000));
            }
        }
    }
}
