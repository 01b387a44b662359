package repscorer.core.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntBinaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import repscorer.testing.Seeds;

class RankingTest {

    @Test
    void ranksAsAComparatorOfObjectsDoes() {
        RandomGenerator random = Seeds.random("RankingTest");
        for (int round = 0; round < 200; round++) {
            int n = random.nextInt(80);
            double[] scores = new double[n];
            for (int i = 0; i < n; i++) {
                scores[i] = switch (random.nextInt(6)) {
                    case 0 -> 0.0;
                    case 1 -> -0.0;
                    case 2 -> Double.POSITIVE_INFINITY;
                    default -> random.nextInt(5) - 2;
                };
            }
            int[] ids = random.ints().distinct().limit(n).toArray();
            int[] places =
                    IntStream.range(0, n).filter(i -> random.nextInt(5) > 0).toArray();
            List<Integer> expected = IntStream.of(places)
                    .boxed()
                    .sorted(Comparator.comparingDouble((Integer i) -> -scores[i])
                            .thenComparing(i -> ids[i]))
                    .toList();
            Ranking.sort(places, scores, (a, b) -> Integer.compare(ids[a], ids[b]));
            assertThat(IntStream.of(places).boxed().toList()).isEqualTo(expected);
        }
    }

    @Test
    void theBestComeFirstInTheirOrderAndTheOthersFollow() {
        RandomGenerator random = Seeds.random("RankingTest");
        for (int round = 0; round < 500; round++) {
            int n = random.nextInt(400);
            int kinds = 1 + random.nextInt(500);
            double[] scores =
                    random.doubles(n).map(score -> Math.rint(score * kinds)).toArray();
            if (random.nextInt(4) == 0) {
                Arrays.sort(scores);
            }
            int[] ids = random.ints().distinct().limit(n).toArray();
            int[] places = IntStream.range(0, n).toArray();
            int[] whole = places.clone();
            Ranking.sort(whole, scores, (a, b) -> Integer.compare(ids[a], ids[b]));
            int count = random.nextInt(n + 2);
            Ranking.best(places, count, scores, (a, b) -> Integer.compare(ids[a], ids[b]));
            assertThat(Arrays.copyOf(places, Math.min(count, n)))
                    .as("the best %s of %s", count, n)
                    .isEqualTo(Arrays.copyOf(whole, Math.min(count, n)));
            assertThat(places).containsExactlyInAnyOrder(whole);
        }
    }

    /** Of equal scores every comparison asks for the tie, so that it can be counted: of so many in whatever order, a few each. */
    @Test
    void fewComparisonsFindTheBestInWhateverOrderTheyCome() {
        RandomGenerator random = Seeds.random("RankingTest");
        int n = 1 << 14;
        int[] rising = IntStream.range(0, n).toArray();
        int[] falling = IntStream.range(0, n).map(i -> n - 1 - i).toArray();
        int[] halves = IntStream.range(0, n)
                .map(i -> i % 2 == 0 ? i / 2 : n - 1 - i / 2)
                .toArray();
        int[] mixed = random.ints(0, Integer.MAX_VALUE).distinct().limit(n).toArray();
        for (int[] ids : new int[][] {rising, falling, halves, mixed}) {
            for (int count : new int[] {1, 50, n / 100}) {
                long[] comparisons = {0};
                int[] places = IntStream.range(0, n).toArray();
                Ranking.best(places, count, new double[n], (a, b) -> {
                    comparisons[0]++;
                    return Integer.compare(ids[a], ids[b]);
                });
                assertThat(comparisons[0])
                        .as("comparisons for the best %s of %s", count, n)
                        .isLessThan(6L * n);
                assertThat(Arrays.stream(places).limit(count).map(place -> ids[place]))
                        .containsExactly(
                                Arrays.stream(ids).sorted().limit(count).boxed().toArray(Integer[]::new));
            }
        }
    }

    @Test
    void theBestOfAllIsOneSort() {
        int n = 1 << 12;
        long[] comparisons = {0, 0};
        int[] ids = Seeds.random("RankingTest").ints().distinct().limit(n).toArray();
        for (int way = 0; way < 2; way++) {
            int asked = way;
            int[] places = IntStream.range(0, n).toArray();
            Ranking.best(places, way == 0 ? n : n + 1, new double[n], (a, b) -> {
                comparisons[asked]++;
                return Integer.compare(ids[a], ids[b]);
            });
        }
        assertThat(comparisons[0]).isEqualTo(comparisons[1]).isLessThan(12L * n);
    }

    /**
     * An order that is made up while it is asked for, so that every pivot is among the least that are left (McIlroy, A Killer
     * Adversary for Quicksort, 1999).
     */
    private static final class Adversary implements IntBinaryOperator {

        private final int[] ranks;
        private int given;
        private int candidate;
        private long comparisons;

        Adversary(int n) {
            ranks = new int[n];
            Arrays.fill(ranks, Integer.MAX_VALUE);
        }

        private boolean open(int place) {
            return ranks[place] == Integer.MAX_VALUE;
        }

        @Override
        public int applyAsInt(int a, int b) {
            comparisons++;
            if (open(a) && open(b)) {
                ranks[a == candidate ? a : b] = given++;
            }
            candidate = open(a) ? a : open(b) ? b : candidate;
            return Integer.compare(ranks[a], ranks[b]);
        }
    }

    @Test
    void anOrderMadeToHinderTakesNoMoreThanASortAndSomeSplits() {
        int n = 1 << 12;
        Adversary adversary = new Adversary(n);
        int[] places = IntStream.range(0, n).toArray();
        Ranking.best(places, n / 2, new double[n], adversary);
        int splits = 2 * 13; // twice the binary digits of n
        assertThat(adversary.comparisons).isBetween(14L * n, (splits + 12L) * n);
        assertThat(places).containsExactlyInAnyOrder(IntStream.range(0, n).toArray());
    }
}
