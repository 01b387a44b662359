package repscorer.ann.hnsw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import repscorer.ann.hnsw.LinkRule.DirectionScorer;
import repscorer.testing.BruteForce;
import repscorer.testing.Seeds;
import repscorer.testing.SyntheticVectors;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;
import repscorer.vector.VectorOps;

/** Cosines from a centre, held to double precision over 50 rows of 16 values far from the origin. */
class DirectionScorerTest {

    private static final int ROWS = 50;
    private static final int FIRST = 40; // the centre is their mean
    private static final int DIMENSION = 16;

    private final float[][] values =
            SyntheticVectors.around(Seeds.random("DirectionScorerTest"), new float[][] {tens()}, ROWS, 1);
    private final DenseRows rows = DenseRows.copyOf(values);
    private final PreparedQuery query = new PreparedQuery(DIMENSION);
    private final float[] scores = new float[ROWS];

    private static float[] tens() {
        float[] tens = new float[DIMENSION];
        for (int j = 0; j < DIMENSION; j++) {
            tens[j] = j % 2 == 0 ? 10 : -10;
        }
        return tens;
    }

    private DirectionScorer scorer(boolean coded) {
        RowScorer products = coded
                ? QuantizedScorer.of(rows, Metric.INNER_PRODUCT, Float.POSITIVE_INFINITY, Arena.ofAuto())
                : new FloatScorer(rows, Metric.INNER_PRODUCT);
        DirectionScorer scorer =
                DirectionScorer.of(products, IntStream.range(0, FIRST).toArray(), ROWS, DIMENSION);
        for (int row = FIRST; row < ROWS; row++) {
            scorer.set(row, query);
        }
        return scorer;
    }

    private double[] fromCentre(float[] vector) {
        double[] from = new double[DIMENSION];
        for (int j = 0; j < DIMENSION; j++) {
            double sum = 0;
            for (int row = 0; row < FIRST; row++) {
                sum += values[row][j];
            }
            from[j] = vector[j] - sum / FIRST;
        }
        return from;
    }

    private double cosine(float[] a, float[] b) {
        double[] x = fromCentre(a);
        double[] y = fromCentre(b);
        double dot = 0;
        double squares = 0;
        double otherSquares = 0;
        for (int j = 0; j < DIMENSION; j++) {
            dot += x[j] * y[j];
            squares += x[j] * x[j];
            otherSquares += y[j] * y[j];
        }
        return dot / Math.sqrt(squares * otherSquares);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void rowsAreScoredByTheCosineFromTheMeanOfTheFirst(boolean coded) {
        DirectionScorer scorer = scorer(coded);
        double error = coded ? 0.03 : 1e-4;
        int[] all = IntStream.range(0, ROWS).toArray();
        for (int owner = 0; owner < ROWS; owner++) {
            scorer.prepareRow(query, owner);
            scorer.score(query, all, ROWS, scores);
            for (int row = 0; row < ROWS; row++) {
                assertThat((double) scores[row]).isCloseTo(cosine(values[owner], values[row]), within(error));
            }
        }
        float[] other = values[3].clone();
        other[0] += 5;
        scorer.prepare(query, other, VectorOps.norm(other));
        scorer.score(query, all, ROWS, scores);
        for (int row = 0; row < ROWS; row++) {
            assertThat((double) scores[row]).isCloseTo(cosine(other, values[row]), within(error));
        }
        assertThat(scorer.measuresDistance()).isTrue();
        assertThat(scorer.zero()).isOne();
        assertThat(scorer.bytes()).isEqualTo(4L * ROWS + (coded ? scorerBytes() : 0));
    }

    private long scorerBytes() {
        return QuantizedScorer.of(rows, Metric.INNER_PRODUCT, Float.POSITIVE_INFINITY, Arena.ofAuto())
                .bytes();
    }

    @Test
    void aRowAtTheCentreHasNoDirection() {
        DenseRows line = DenseRows.copyOf(new float[][] {{1, 3}, {2, 4}, {3, 5}});
        DirectionScorer scorer =
                DirectionScorer.of(new FloatScorer(line, Metric.INNER_PRODUCT), new int[] {0, 1, 2}, 3, 2);
        int[] all = {0, 1, 2};
        PreparedQuery of2 = new PreparedQuery(2);
        scorer.prepareRow(of2, 1);
        scorer.score(of2, all, 3, scores);
        assertThat(scores).startsWith(0, 0, 0);
        scorer.prepareRow(of2, 0);
        scorer.score(of2, all, 3, scores);
        assertThat(scores[0]).isCloseTo(1, within(1e-6f));
        assertThat(scores[1]).isZero();
        assertThat(scores[2]).isCloseTo(-1, within(1e-6f));
    }

    @Test
    void withoutRowsTheCentreIsTheOrigin() {
        DirectionScorer scorer =
                DirectionScorer.of(new FloatScorer(rows, Metric.INNER_PRODUCT), new int[0], ROWS, DIMENSION);
        scorer.set(7, query);
        scorer.prepareRow(query, 8);
        scorer.score(query, new int[] {7}, 1, scores);
        assertThat((double) scores[0])
                .isCloseTo(BruteForce.score(BruteForce.Dense.COSINE, values[8], values[7]), within(1e-5));
    }
}
