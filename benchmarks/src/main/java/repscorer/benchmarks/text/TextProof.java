package repscorer.benchmarks.text;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SearchOptions;
import repscorer.benchmarks.proof.LimitedProof;
import repscorer.core.embedding.TextLanguage;
import repscorer.core.text.Completion;
import repscorer.core.text.TextCorpus;
import repscorer.core.text.TextIndex;
import repscorer.core.text.TextQuery;

/**
 * What a column of texts costs a request, and completion a keystroke.
 *
 * <p>A column's cost is the processor time of cutting the question into words, of the search for k, and of the exact scores of as many
 * candidates again that other columns brought. Questions are of two to four words, none of the 100 most frequent ones; what questions
 * of any words cost is told beside. Names are two words each, and what is typed are their first one to ten characters, or those of the
 * second word, a third with an error.
 */
public final class TextProof extends LimitedProof {

    private static final long SEED = 1;
    private static final int COMMON = 100;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    public TextProof() {
        this(Map.of(
                "texts",
                1_000_000.0,
                "questions",
                4_000.0,
                "k",
                400.0,
                "column-micros",
                300.0,
                "completion-millis",
                1.0));
    }

    private TextProof(Map<String, Double> limits) {
        super(limits);
    }

    @Override
    protected LimitedProof with(Map<String, Double> all) {
        return new TextProof(all);
    }

    @Override
    public String name() {
        return "text";
    }

    @Override
    public String claim() {
        return "a column over a million short texts costs at most 300 µs of processor at k = 400, completion 1 ms at p99 (2 minutes)";
    }

    @Override
    public boolean holds(PrintStream out) {
        int count = (int) limit("texts");
        MadeUpTexts made = new MadeUpTexts(SEED);
        String[] texts = new String[count];
        Arrays.setAll(texts, row -> made.text());
        long started = System.nanoTime();
        TextIndex index = TextIndex.build(TextLanguage.ENGLISH, false, count, row -> texts[row]);
        out.printf(
                Locale.ROOT,
                "%,d texts of 4 to 15 words, indexed in %.1f s%n",
                count,
                (System.nanoTime() - started) / 1e9);
        Cost chosen = column(index, count, made, COMMON);
        Cost any = column(index, count, made, 0);
        out.printf(Locale.ROOT, "questions of any words: mean %.0f µs, p99 %.0f µs of processor%n", any.mean, any.p99);
        double column = chosen.mean;
        out.printf(Locale.ROOT, "questions without the %s most frequent words: p99 %.0f µs%n", COMMON, chosen.p99);
        double completion = completion(count, made, out);
        boolean holds = column <= limit("column-micros") && completion <= limit("completion-millis");
        out.printf(
                Locale.ROOT,
                "a column of texts at k = %.0f: %.0f µs of processor (at most %.0f); completion at p99: %.3f ms of processor (at most %.1f)%n",
                limit("k"),
                column,
                limit("column-micros"),
                completion,
                limit("completion-millis"));
        return holds;
    }

    /** @param mean and @param p99 in microseconds of processor */
    private record Cost(double mean, double p99) {}

    private Cost column(TextIndex index, int count, MadeUpTexts made, int common) {
        int questions = (int) limit("questions");
        int k = (int) limit("k");
        TextCorpus corpus = TextCorpus.of(List.of(index));
        double[] micros = new double[questions];
        double kept = 0;
        for (int i = -questions; i < questions; i++) { // those below 0 warm up
            String question = made.words(2 + made.nextInt(3), common);
            int[] others =
                    IntStream.range(0, k).map(each -> made.nextInt(count)).toArray();
            double[] scores = new double[2 * k];
            long before = THREADS.getCurrentThreadCpuTime();
            TextQuery query = corpus.query(index, question);
            Neighbors found = index.search(query, k, 0, OrdinalFilter.ALL, SearchOptions.NO_DEADLINE);
            int[] candidates = Arrays.copyOf(found.ordinals(), found.size() + k);
            System.arraycopy(others, 0, candidates, found.size(), k);
            index.scores(query, candidates, candidates.length, scores);
            long after = THREADS.getCurrentThreadCpuTime();
            kept += scores[0];
            if (i >= 0) {
                micros[i] = (after - before) / 1e3;
            }
        }
        if (Double.isNaN(kept)) {
            throw new IllegalStateException("scores are numbers");
        }
        return cost(micros);
    }

    private static Cost cost(double[] values) {
        double mean = Arrays.stream(values).average().orElseThrow();
        Arrays.sort(values);
        return new Cost(mean, values[(int) (0.99 * values.length)]);
    }

    /** Milliseconds of processor at p99: on a machine that others use too, elapsed time tells of them. */
    private double completion(int count, MadeUpTexts made, PrintStream out) {
        String[] names = new String[count];
        Arrays.setAll(names, row -> made.words(2, 0).strip());
        long started = System.nanoTime();
        Completion completion = TextIndex.build(TextLanguage.ANY, true, count, row -> names[row])
                .completion()
                .orElseThrow();
        out.printf(Locale.ROOT, "%,d names, made ready in %.1f s%n", count, (System.nanoTime() - started) / 1e9);
        int questions = (int) limit("questions");
        double[] millis = new double[questions];
        double[] elapsed = new double[questions];
        long found = 0;
        for (int i = -questions; i < questions; i++) {
            String typed = made.typed(names[made.nextInt(count)]);
            long begun = System.nanoTime();
            long before = THREADS.getCurrentThreadCpuTime();
            int matches = completion.complete(typed, 10, row -> true).size();
            long after = THREADS.getCurrentThreadCpuTime();
            if (i >= 0) {
                millis[i] = (after - before) / 1e6;
                elapsed[i] = (System.nanoTime() - begun) / 1e6;
                found += matches > 0 ? 1 : 0;
            }
        }
        Cost cost = cost(millis);
        out.printf(
                Locale.ROOT,
                "completion: mean %.3f ms of processor, %.3f ms elapsed (p99 %.3f); %.1f %% of what is typed leads to names%n",
                cost.mean,
                cost(elapsed).mean,
                cost(elapsed).p99,
                100.0 * found / questions);
        return cost.p99;
    }
}
