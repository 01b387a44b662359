package repscorer.benchmarks.mutants;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Mutants that live, with the reason of each: rows {@code | Class#method | change | how many | reason |} of a page, where
 * {@code *} at an end of either of the first two stands for any rest.
 */
public final class KnownSurvivors {

    /**
     * @param most how many mutants it covers at most
     */
    private record Row(String where, String change, int most, String reason) {

        boolean covers(Mutant mutant) {
            return matches(where, mutant.in() + "#" + mutant.method()) && matches(change, mutant.change());
        }

        private static boolean matches(String pattern, String text) {
            return pattern.endsWith("*")
                    ? text.startsWith(pattern.substring(0, pattern.length() - 1))
                    : text.equals(pattern);
        }
    }

    private final List<Row> rows;

    private KnownSurvivors(List<Row> rows) {
        this.rows = rows;
    }

    /** @throws IOException when the page cannot be read or a row lacks its number or its reason */
    public static KnownSurvivors read(Path page) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (String line : Files.readAllLines(page)) {
            String[] cells = line.split("\\s*\\|\\s*", -1);
            if (line.startsWith("| `")) {
                if (cells.length != 6 || !cells[3].matches("[1-9]\\d{0,3}") || cells[4].isBlank()) {
                    throw new IOException("a survivor has a place, a change, a number and a reason: " + line);
                }
                rows.add(new Row(bare(cells[1]), bare(cells[2]), Integer.parseInt(cells[3]), cells[4]));
            }
        }
        return new KnownSurvivors(rows);
    }

    private static String bare(String cell) {
        return cell.replace("`", "");
    }

    /** The survivors without a reason: those that no row covers, or one more often than it says. */
    public List<Mutant> unexplained(List<Mutant> mutants) {
        int[] covered = new int[rows.size()];
        List<Mutant> unexplained = new ArrayList<>();
        for (Mutant mutant : mutants) {
            if (!mutant.killed() && !covered(mutant, covered)) {
                unexplained.add(mutant);
            }
        }
        return unexplained;
    }

    private boolean covered(Mutant mutant, int[] covered) {
        for (int i = 0; i < covered.length; i++) {
            if (rows.get(i).covers(mutant) && covered[i] < rows.get(i).most()) {
                covered[i]++;
                return true;
            }
        }
        return false;
    }

    /** Rows about classes that were mutated, of which fewer mutants live than they say. */
    public List<String> outdated(List<Mutant> mutants) {
        List<String> outdated = new ArrayList<>();
        for (Row row : rows) {
            String in = row.where().replaceFirst("#.*", "");
            List<Mutant> there =
                    mutants.stream().filter(mutant -> mutant.in().equals(in)).toList();
            long alive = there.stream()
                    .filter(mutant -> !mutant.killed() && row.covers(mutant))
                    .count();
            if (!there.isEmpty() && alive < row.most()) {
                outdated.add("%s: %s, listed %s times, lives %s times"
                        .formatted(row.where(), row.change(), row.most(), alive));
            }
        }
        return outdated;
    }
}
