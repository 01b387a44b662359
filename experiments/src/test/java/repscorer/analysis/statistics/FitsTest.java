package repscorer.analysis.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import repscorer.analysis.statistics.IsotonicFit.Point;
import repscorer.testing.Seeds;

@DisplayName("Issue 19: logistic and isotonic regression")
class FitsTest {

    /** Counts in four cells have their log-odds in closed form. */
    @Test
    void aTableOfTwoByTwoHasItsLogOdds() {
        List<double[]> rows = new ArrayList<>();
        List<Boolean> outcomes = new ArrayList<>();
        int[][] counts = {{60, 20}, {30, 50}}; // by x: without, with the outcome
        for (int x = 0; x < 2; x++) {
            for (int y = 0; y < 2; y++) {
                for (int i = 0; i < counts[x][y]; i++) {
                    rows.add(new double[] {x});
                    outcomes.add(y == 1);
                }
            }
        }
        String[] units = new String[rows.size()];
        Arrays.setAll(units, i -> "unit-" + i);
        LogisticFit fit = LogisticFit.of(List.of("x"), rows, unboxed(outcomes), units);
        assertThat(fit.coefficients()[0]).isCloseTo(Math.log(20 / 60.0), within(1e-9));
        assertThat(fit.coefficients()[1]).isCloseTo(Math.log(50 / 30.0) - Math.log(20 / 60.0), within(1e-9));
        double error = Math.sqrt((1 / 60.0 + 1 / 20.0 + 1 / 30.0 + 1 / 50.0) * 160 / 159);
        assertThat(fit.errors()[1])
                .as("a saturated table's sandwich is Woolf's")
                .isCloseTo(error, within(1e-9));
        assertThat(fit.interval(1, .05).high() - fit.coefficients()[1])
                .isCloseTo(1.959963984540054 * error, within(1e-9));
    }

    /** Every row twice under one unit: the estimate is the same, and so is the error, which knows that nothing was added. */
    @Test
    void rowsOfOneUnitAreNotTakenForIndependent() {
        RandomGenerator random = Seeds.random("rows of one unit");
        List<double[]> rows = new ArrayList<>();
        List<Boolean> outcomes = new ArrayList<>();
        List<String> units = new ArrayList<>();
        List<double[]> twice = new ArrayList<>();
        List<Boolean> outcomesTwice = new ArrayList<>();
        List<String> unitsTwice = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            double[] row = {random.nextGaussian(), random.nextGaussian()};
            boolean outcome = random.nextDouble() < LogisticFit.probability(-1 + row[0] - .5 * row[1]);
            rows.add(row);
            outcomes.add(outcome);
            units.add("u" + i);
            twice.addAll(List.of(row, row));
            outcomesTwice.addAll(List.of(outcome, outcome));
            unitsTwice.addAll(List.of("u" + i, "u" + i));
        }
        List<String> names = List.of("a", "b");
        LogisticFit once = LogisticFit.of(names, rows, unboxed(outcomes), units.toArray(String[]::new));
        LogisticFit both = LogisticFit.of(names, twice, unboxed(outcomesTwice), unitsTwice.toArray(String[]::new));
        assertThat(both.coefficients()).containsExactly(once.coefficients(), within(1e-8));
        assertThat(both.errors()).containsExactly(once.errors(), within(1e-8));
        assertThat(once.coefficients()[1]).isCloseTo(1, within(5 * once.errors()[1]));
        assertThat(once.names()).containsExactly("intercept", "a", "b");
    }

    @Test
    void whatCannotBeFittedIsRefusedByName() {
        List<double[]> rows = List.of(new double[] {1, 2}, new double[] {2, 4}, new double[] {3, 6});
        String[] units = {"a", "b", "c"};
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LogisticFit.of(List.of("x", "y"), rows, new boolean[] {true, false, true}, units))
                .withMessageContaining("'y' tells nothing");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LogisticFit.of(List.of("x", "y"), rows, new boolean[3], units))
                .withMessageContaining("0 of 3");
        List<double[]> apart = List.of(new double[] {-1}, new double[] {-2}, new double[] {1}, new double[] {2});
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LogisticFit.of(
                        List.of("x"), apart, new boolean[] {false, false, true, true}, new String[] {"a", "b", "c", "d"
                        }))
                .withMessageContaining("'x'");
    }

    /** Against the minimax formula of isotonic regression, over all ranges of scores. */
    @Test
    void poolingFindsTheNearestRisingSteps() {
        RandomGenerator random = Seeds.random("isotonic");
        for (int run = 0; run < 50; run++) {
            List<Point> points = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                points.add(new Point(random.nextInt(12), random.nextInt(2)));
            }
            List<IsotonicFit.Step> steps = IsotonicFit.of(points);
            for (int score = 0; score < 12; score++) {
                double at = score;
                if (points.stream().noneMatch(point -> point.score() == at)) {
                    continue;
                }
                double found = steps.stream()
                        .filter(step -> step.from() <= at && at <= step.to())
                        .findFirst()
                        .orElseThrow()
                        .value();
                assertThat(found).isCloseTo(minimax(points, score), within(1e-12));
            }
        }
    }

    private static double minimax(List<Point> points, int score) {
        double greatest = Double.NEGATIVE_INFINITY;
        for (int from = 0; from <= score; from++) {
            double least = Double.POSITIVE_INFINITY;
            for (int to = score; to < 12; to++) {
                double low = from;
                double high = to;
                least = Math.min(
                        least,
                        points.stream()
                                .filter(point -> low <= point.score() && point.score() <= high)
                                .mapToDouble(Point::outcome)
                                .average()
                                .orElse(Double.POSITIVE_INFINITY));
            }
            greatest = Math.max(greatest, least);
        }
        return greatest;
    }

    private static boolean[] unboxed(List<Boolean> outcomes) {
        boolean[] values = new boolean[outcomes.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = outcomes.get(i);
        }
        return values;
    }
}
