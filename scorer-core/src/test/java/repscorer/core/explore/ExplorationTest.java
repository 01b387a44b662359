package repscorer.core.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import repscorer.core.explore.Exploration.Method;

/** Chance against all orders there are, each with the product of its conditional probabilities. */
class ExplorationTest {

    private static final double[] SCORES = {2.5, 1.25, 1.0, -0.5, 1.75};
    private static final int[] RANKED = {0, 4, 1, 2, 3};

    private static Explored explore(Exploration exploration, String seed) {
        return exploration.explore(RANKED, SCORES, new BitSet(), Draws.of("explore", seed));
    }

    /** The probability of each order of what is left: who comes next is drawn by weight. */
    private static Map<List<Integer>, Double> orders(List<Integer> left, double temperature) {
        if (left.isEmpty()) {
            return Map.of(List.of(), 1.0);
        }
        double sum = left.stream()
                .mapToDouble(each -> Math.exp(SCORES[each] / temperature))
                .sum();
        Map<List<Integer>, Double> orders = new HashMap<>();
        for (int next : left) {
            List<Integer> others = new ArrayList<>(left);
            others.remove((Integer) next);
            orders(others, temperature).forEach((rest, probability) -> {
                List<Integer> order = new ArrayList<>(List.of(next));
                order.addAll(rest);
                orders.put(order, probability * Math.exp(SCORES[next] / temperature) / sum);
            });
        }
        return orders;
    }

    private static double product(double[] propensities) {
        return Arrays.stream(propensities).reduce(1, (a, b) -> a * b);
    }

    @ParameterizedTest
    @EnumSource(
            value = Method.class,
            names = {"UNIFORM", "SOFTMAX"})
    void propensitiesMultiplyToTheProbabilityOfTheOrderAndOrdersComeAsOften(Method method) {
        double temperature = 0.8;
        Exploration exploration = new Exploration(method, 1, 4, temperature);
        // A temperature without end makes all weights equal.
        Map<List<Integer>, Double> expected =
                orders(List.of(1, 2, 3, 4), method == Method.UNIFORM ? 1e12 : temperature);
        Map<List<Integer>, Integer> counts = new HashMap<>();
        int draws = 24_000;
        for (int i = 0; i < draws; i++) {
            Explored explored = explore(exploration, "seed-" + i);
            List<Integer> order = Arrays.stream(explored.order()).boxed().toList();
            assertThat(order.getFirst()).isZero();
            List<Integer> tail = order.subList(1, 5);
            assertThat(product(explored.propensities()))
                    .as("%s", order)
                    .isCloseTo(expected.getOrDefault(tail, Double.NaN), within(1e-12));
            counts.merge(tail, 1, Integer::sum);
        }
        double chiSquare = 0;
        for (Map.Entry<List<Integer>, Double> each : expected.entrySet()) {
            double wanted = draws * each.getValue();
            chiSquare += Math.pow(counts.getOrDefault(each.getKey(), 0) - wanted, 2) / wanted;
        }
        assertThat(chiSquare).as("of %s", counts).isLessThan(65); // 23 degrees, one set of seeds in 100,000
    }

    @Test
    void theOneStandsAtEachFreeRankWithItsPropensityOnAverage() {
        // Inverse propensities estimate a count that is known: each of four candidates stands once at the second rank
        // under any order.
        Exploration exploration = new Exploration(Method.SOFTMAX, 1, 4, 1);
        double[] sums = new double[SCORES.length];
        int draws = 20_000;
        for (int i = 0; i < draws; i++) {
            Explored explored = explore(exploration, "ips-" + i);
            sums[explored.order()[1]] += 1 / explored.propensity(1);
        }
        for (int candidate = 1; candidate < SCORES.length; candidate++) {
            assertThat(sums[candidate] / draws).as("candidate %s", candidate).isCloseTo(1, within(.1));
        }
    }

    @Test
    void whatIsHeldWhatStandsFirstAndWhatStandsBehindStays() {
        BitSet held = new BitSet();
        held.set(2);
        for (int i = 0; i < 200; i++) {
            Explored explored = new Exploration(Method.UNIFORM, 1, 3, 1)
                    .explore(RANKED, SCORES, held, Draws.of("explore", "s" + i));
            assertThat(explored.order()[0]).isZero();
            assertThat(explored.order()[2]).isEqualTo(1);
            assertThat(explored.order()[4]).isEqualTo(3);
            assertThat(explored.propensities()).containsExactly(1, .5, 1, 1, 1);
        }
        assertThat(RANKED).as("the list itself").containsExactly(0, 4, 1, 2, 3);
    }

    @Test
    void theSameSeedDrawsTheSameAndAnotherOneNot() {
        Exploration exploration = new Exploration(Method.SOFTMAX, 0, 5, 5);
        assertThat(explore(exploration, "a").order())
                .containsExactly(explore(exploration, "a").order());
        assertThat(IntStream.range(0, 20)
                        .mapToObj(i ->
                                Arrays.toString(explore(exploration, "a" + i).order()))
                        .distinct()
                        .count())
                .isGreaterThan(5);
    }

    @Test
    void aTemperatureTowardsZeroGivesTheListThatRulesMade() {
        Exploration cold = new Exploration(Method.SOFTMAX, 0, 5, Exploration.TEMPERATURE_MIN);
        int[] placed = {3, 0, 4, 1, 2}; // not in the order of the scores
        Explored explored = cold.explore(placed, SCORES, new BitSet(), Draws.of("explore", "any"));
        assertThat(explored.order()).containsExactly(placed);
        assertThat(Arrays.stream(explored.propensities()).boxed()).allMatch(each -> each > 0.999);
    }

    @Test
    void propensitiesStayAboveZeroWhateverTheScores() {
        double[] scores = {1e300, 1, 0, -1e300, -1e300};
        int[] ranked = {0, 1, 2, 3, 4};
        for (int i = 0; i < 100; i++) {
            Explored explored = new Exploration(Method.SOFTMAX, 0, 5, Exploration.TEMPERATURE_MIN)
                    .explore(ranked, scores, new BitSet(), Draws.of("explore", "s" + i));
            assertThat(Arrays.stream(explored.propensities()).boxed()).allMatch(each -> each > 0 && each <= 1);
        }
    }

    @Test
    void listsShorterThanTheWindowAreDrawnWhole() {
        Exploration exploration = new Exploration(Method.UNIFORM, 3, 1_000, 1);
        assertThat(explore(exploration, "s").propensities()).containsExactly(1, 1, 1, .5, 1);
        assertThat(exploration
                        .explore(new int[0], SCORES, new BitSet(), Draws.of("explore", "s"))
                        .order())
                .isEmpty();
        assertThat(explore(Exploration.NONE, "s").order()).isSameAs(RANKED);
        assertThat(Exploration.NONE.reach()).isZero();
    }

    @Test
    void settingsHaveBounds() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Exploration(Method.UNIFORM, -1, 5, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Exploration(Method.UNIFORM, 0, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Exploration(Method.SOFTMAX, 0, 5, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Exploration(Method.SOFTMAX, 0, 5, Double.NaN));
    }

    @Test
    void drawsAreSplitMix64FromASha256() throws NoSuchAlgorithmException {
        long state = ByteBuffer.wrap(MessageDigest.getInstance("SHA-256")
                        .digest("explore:decision".getBytes(StandardCharsets.UTF_8)))
                .getLong();
        SplittableRandom peer = new SplittableRandom(state); // the same generator, as long as this Java has it
        Draws draws = Draws.of("explore", "decision");
        for (int i = 0; i < 100; i++) {
            assertThat(draws.next()).isEqualTo(((peer.nextLong() >>> 11) + .5) * 0x1p-53);
        }
    }
}
