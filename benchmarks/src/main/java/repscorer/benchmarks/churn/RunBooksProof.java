package repscorer.benchmarks.churn;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import repscorer.benchmarks.proof.Proof;
import repscorer.benchmarks.proof.ProofData;
import repscorer.benchmarks.proof.StoreRows;

/**
 * Plays other people's streams of insertions, deletions and replacements through the store, as it is configured by default, with their
 * rows scaled to the data at hand.
 */
public final class RunBooksProof implements Proof {

    private static final int ROWS = 200_000;
    private static final int QUERIES = 200;
    private static final int EF = 100; // the list that the run-books' own figures were searched with
    private static final double MEAN_MIN = 0.98;
    private static final double WORST_MIN = 0.97;

    /** Of one run-book. */
    private record Played(int searches, double mean, double worst) {}

    @Override
    public String name() {
        return "run-books";
    }

    @Override
    public String claim() {
        return "through the Big-ANN streaming run-books, scaled to 200,000 rows, recall@10 is .98 on average and never below .97 (half an hour)";
    }

    @Override
    public boolean holds(PrintStream out) throws Exception {
        return holds(out, ROWS);
    }

    /** @param rows that each run-book is scaled to */
    @Override
    public boolean holds(PrintStream out, long rows) throws Exception {
        Optional<Path> folder = ProofData.folder("external/runbooks");
        if (folder.isEmpty()) {
            out.printf("skipped: no run-books at %s%n", ProofData.root().resolve("external/runbooks"));
            return true;
        }
        StoreRows data = StoreRows.load(Math.toIntExact(rows));
        double sum = 0;
        double worst = 1;
        int searches = 0;
        for (RunBook book : books(folder.get())) {
            Played played = play(book, data);
            out.printf(
                    Locale.ROOT,
                    "%s: %s steps, %s searches; recall@%s %.4f, at worst %.4f%n",
                    book.name(),
                    book.steps().size(),
                    played.searches,
                    LiveSpace.K,
                    played.mean,
                    played.worst);
            sum += played.mean * played.searches;
            searches += played.searches;
            worst = Math.min(worst, played.worst);
        }
        double mean = sum / searches;
        out.printf(
                Locale.ROOT,
                "%s: recall@%s at ef=%s over %s searches of run-books: mean %.4f (claim: %s), worst %.4f (claim: %s)%n",
                data.origin(),
                LiveSpace.K,
                EF,
                searches,
                mean,
                MEAN_MIN,
                worst,
                WORST_MIN);
        return mean >= MEAN_MIN && worst >= WORST_MIN;
    }

    private static List<RunBook> books(Path folder) throws IOException {
        List<RunBook> books = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(each -> each.toString().endsWith("_runbook.yaml.gz"))
                    .sorted()
                    .toList()) {
                books.addAll(RunBook.read(file));
            }
        }
        return books;
    }

    /** The first insertion is the base that is published, all others are streamed. */
    private static Played play(RunBook book, StoreRows data) throws IOException {
        int rows = data.rows().length;
        double scale = rows / (double) book.end();
        RunBook.Step.Insert first = (RunBook.Step.Insert) book.steps().getFirst();
        double sum = 0;
        double worst = 1;
        int searches = 0;
        try (LiveSpace space = new LiveSpace(data, rows, (int) (first.to() * scale))) {
            for (RunBook.Step step : book.steps().subList(1, book.steps().size())) {
                switch (step) {
                    case RunBook.Step.Insert insert -> {
                        for (int row = (int) (insert.from() * scale); row < (int) (insert.to() * scale); row++) {
                            space.put(row, row);
                        }
                    }
                    case RunBook.Step.Delete delete -> {
                        for (int row = (int) (delete.from() * scale); row < (int) (delete.to() * scale); row++) {
                            space.delete(row);
                        }
                    }
                    case RunBook.Step.Replace replace -> {
                        int from = (int) (replace.entitiesFrom() * scale);
                        int to = (int) (replace.entitiesTo() * scale);
                        for (int entity = from; entity < to; entity++) {
                            int row = (int) (replace.rowsFrom() * scale) + entity - from;
                            space.put(entity, Math.min(row, rows - 1));
                        }
                    }
                    case RunBook.Step.Search search -> {
                        space.flush();
                        double recall = space.recall(Math.min(QUERIES, data.queries().length), EF, space.index())[0];
                        sum += recall;
                        worst = Math.min(worst, recall);
                        searches++;
                    }
                }
            }
        }
        return new Played(searches, searches == 0 ? 1 : sum / searches, worst);
    }
}
