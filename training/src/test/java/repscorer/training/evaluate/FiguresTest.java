package repscorer.training.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import repscorer.testing.PlantedGraph;
import repscorer.testing.Seeds;

/** The figures of evaluations against naive ones, and how they are shown. */
class FiguresTest {

    private static final Offset<Double> CLOSE = Offset.offset(1e-9);

    @Test
    void nmiEqualsTheOracles() {
        RandomGenerator random = Seeds.random("FiguresTest");
        for (int round = 0; round < 50; round++) {
            int n = 2 + random.nextInt(60);
            int[] a = new int[n];
            int[] b = new int[n];
            for (int i = 0; i < n; i++) {
                a[i] = i < 2 ? i : random.nextInt(5);
                b[i] = random.nextInt(3) > 0 ? a[i] : random.nextInt(6) - 1;
            }
            assertThat(Nmi.of(a, b)).isCloseTo(PlantedGraph.normalisedMutualInformation(a, b), CLOSE);
        }
        assertThat(Nmi.of(new int[] {0, 0, 1, 1}, new int[] {5, 5, 2, 2})).isCloseTo(1, CLOSE);
        assertThat(Nmi.of(new int[] {0, 0, 1, 1, -1}, new int[] {5, 5, 2, 2, 2}))
                .isCloseTo(1, CLOSE);
    }

    @Test
    void averagePrecisionIsTheMeanPrecisionAtThePositives() {
        // Ranked: yes, no, yes, no. Precision 1 at the first, 2/3 at the second.
        assertThat(AveragePrecision.of(new double[] {.1, .9, .5, .7}, new boolean[] {false, true, true, false}))
                .isCloseTo((1 + 2 / 3.0) / 2, CLOSE);
        // All alike: precision is the share of positives wherever it is read.
        assertThat(AveragePrecision.of(new double[4], new boolean[] {true, false, false, false}))
                .isCloseTo(.25, CLOSE);
        assertThat(AveragePrecision.of(new double[] {1, 2}, new boolean[] {false, false}))
                .isZero();
    }

    @Test
    @org.junit.jupiter.api.DisplayName("E4 positives whose score is NaN come last, as one place of the curve")
    void nanComesLastOfTheCurve() {
        double nan = Double.NaN;
        assertThat(AveragePrecision.of(new double[] {nan, .9, nan, .7}, new boolean[] {true, false, false, true}))
                .isCloseTo((1.0 / 2 + 2.0 / 4) / 2, Offset.offset(1e-12));
    }

    @Test
    void aProbeTellsWhatIsInTheFeaturesAndNothingElse() {
        RandomGenerator random = Seeds.random("FiguresTest");
        Features[] rows = new Features[600];
        boolean[] planted = new boolean[rows.length];
        boolean[] chance = new boolean[rows.length];
        for (int i = 0; i < rows.length; i++) {
            float[] values = new float[8];
            for (int j = 0; j < values.length; j++) {
                values[j] = (float) random.nextGaussian();
            }
            rows[i] = Features.of(values);
            planted[i] = values[2] - values[5] > 1;
            chance[i] = random.nextInt(5) == 0;
        }
        assertThat(precision(rows, planted)).isGreaterThan(0.95);
        assertThat(precision(rows, chance)).isBetween(0.1, 0.4);
    }

    private static double precision(Features[] rows, boolean[] yes) {
        int half = rows.length / 2;
        LogisticRegression model = LogisticRegression.fit(
                java.util.Arrays.copyOf(rows, half), java.util.Arrays.copyOf(yes, half), 8, new SplittableRandom(1));
        double[] scores = new double[half];
        boolean[] truth = new boolean[half];
        for (int i = 0; i < half; i++) {
            scores[i] = model.score(rows[half + i]);
            truth[i] = yes[half + i];
        }
        return AveragePrecision.of(scores, truth);
    }

    @Test
    void resultsAreAlignedTablesPerRelation() {
        assertThat(Tasks.toText(results())).isEqualTo("""
                recommendation · follow
                              users  recall10  ndcg10
                  popularity  1,000    0.0169  0.0100
                  <twhin>     1,000    0.3769  0.2500

                communities
                               nmi
                  simclusters    1
                """);
    }

    @Test
    void thePageHoldsEveryFigureEscapesTextAndNeedsNoOtherFile() {
        String page = ResultPage.html("a & b", "seed 1", results());
        assertThat(page)
                .startsWith("<!doctype html>")
                .contains("<h1>a &amp; b</h1>", "0.3769", "&lt;twhin&gt;", "<svg", "recall10")
                .doesNotContain("<twhin>", "http", "src=", "<script");
        assertThat(page.split("<rect ", -1)).hasSize(1 + 4); // users are no share, and so no bars
        assertThat(page).contains("<td class=\"best\">0.3769</td>").doesNotContain("<td class=\"best\">0.0169</td>");
    }

    private static List<TaskResult> results() {
        return List.of(
                result("popularity", .0169, .01),
                result("<twhin>", .3769, .25),
                TaskResult.of("communities")
                        .put("method", "simclusters")
                        .put("nmi", 1)
                        .build());
    }

    private static TaskResult result(String method, double recall, double ndcg) {
        return TaskResult.of("recommendation")
                .put("relation", "follow")
                .put("method", method)
                .put("users", 1000)
                .put("recall10", recall)
                .put("ndcg10", ndcg)
                .build();
    }
}
