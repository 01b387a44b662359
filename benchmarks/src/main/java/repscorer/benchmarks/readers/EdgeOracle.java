package repscorer.benchmarks.readers;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads edges of head, tail, weight and time, separated by tabs: their weights by pair, and how many rows are good and bad. */
final class EdgeOracle {

    final Map<String, Float> weights = new HashMap<>();
    final Map<String, Long> times = new HashMap<>();
    long good;
    long bad;
    boolean broken;

    static EdgeOracle read(byte[] file) {
        EdgeOracle edges = new EdgeOracle();
        Optional<String> text = TextOracle.start(file);
        edges.broken = text.isEmpty();
        for (String line : text.orElse("").split("\n")) {
            String row = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
            if (!row.isEmpty()) {
                edges.row(row);
            }
        }
        edges.broken |= edges.good == 0;
        return edges;
    }

    private void row(String row) {
        String[] fields = row.split("\t", -1);
        Optional<Float> weight = fields.length == 4
                ? Expected.utf8(fields[2].getBytes(StandardCharsets.ISO_8859_1)).flatMap(TextOracle::number)
                : Optional.empty();
        boolean holds = row.length() <= 1 << 16
                && weight.isPresent()
                && weight.get() > 0
                && weight.get() <= 1e12f
                && fields[3].matches("[0-9]{1,18}(\\.[0-9]*)?")
                && seconds(fields[3]) <= 100_000_000_000L
                && isValue(fields[0])
                && isValue(fields[1])
                && !fields[0].equals(fields[1]);
        if (!holds) {
            bad++;
            return;
        }
        good++;
        String pair = fields[0] + "\t" + fields[1];
        weights.merge(pair, weight.get(), Float::sum);
        times.merge(pair, seconds(fields[3]), Math::max);
    }

    private static long seconds(String field) {
        return Long.parseLong(field.replaceFirst("\\..*", ""));
    }

    /** The pairs are kept as bytes, a character each. */
    static String pair(String head, String tail) {
        byte[] bytes = (head + "\t" + tail).getBytes(StandardCharsets.UTF_8);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static boolean isValue(String field) {
        byte[] bytes = field.getBytes(StandardCharsets.ISO_8859_1);
        return bytes.length > 0
                && bytes.length <= 256
                && Expected.utf8(bytes)
                        .filter(text -> text.chars().noneMatch(Character::isISOControl))
                        .isPresent();
    }
}
