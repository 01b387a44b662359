package repscorer.ann.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import repscorer.ann.TopK;
import repscorer.testing.Seeds;
import repscorer.vector.SparseRows;
import repscorer.vector.SparseVector;

/** What a search is made of, each part against a plain restatement. */
class SparsePartsTest {

    private final RandomGenerator random = Seeds.random("SparsePartsTest");

    @Test
    @DisplayName("S13: what k of the scores reach is within three percent of the k-th best")
    void whatKOfTheScoresReach() {
        KnownScores known = new KnownScores();
        for (int round = 0; round < 100; round++) {
            int count = random.nextInt(1, 3000);
            double scale = Math.scalb(1.0, random.nextInt(-100, 100));
            Sums sums = new Sums(count);
            double[] norms = new double[count];
            double[] scores = new double[count];
            for (int i = 0; i < count; i++) {
                float weight = (float) (scale * Math.exp(random.nextGaussian()));
                norms[i] = 1 + random.nextInt(4);
                sums.meet(new long[] {TopK.key(i, weight)}, 0, 1, 3);
                scores[i] = 3.0 * weight / (2 * norms[i]);
            }
            known.take(sums, norms, 2, 0.5);
            for (int place = 0; place < count; place++) {
                assertThat((double) known.scores()[place]).isCloseTo(scores[place] / 2, within(1e-6 * scores[place]));
            }
            Arrays.sort(scores);
            for (int k : new int[] {1, 1 + count / 3, count}) {
                double kth = scores[count - k] / 2;
                assertThat((double) known.reachedBy(k)).isBetween(kth * 0.96, kth * (1 + 1e-6));
            }
            assertThat(known.reachedBy(count + 1)).isZero();
        }
    }

    @Test
    @DisplayName("S13: sums are those of the postings, only what was met is added to, and nothing stays behind")
    void sumsAreThoseOfThePostings() {
        int count = 5000;
        Sums sums = new Sums(count);
        for (int round = 0; round < 30; round++) {
            double[] products = new double[count];
            double[] squares = new double[count];
            boolean withSquares = random.nextBoolean();
            List<Integer> met = new ArrayList<>();
            int most = random.nextInt(1, 2000);
            for (int list = 0; list < 6; list++) {
                boolean meets = list < 3;
                int[] ordinals = random.ints(0, count)
                        .distinct()
                        .limit(random.nextInt(most))
                        .toArray();
                long[] postings = new long[ordinals.length + 2];
                for (int i = 0; i < ordinals.length; i++) {
                    int weight = random.nextInt(1, 100);
                    postings[i + 1] = TopK.key(ordinals[i], weight);
                    if (meets && products[ordinals[i]] == 0) {
                        met.add(ordinals[i]);
                    }
                    if (meets || products[ordinals[i]] > 0) {
                        products[ordinals[i]] += 5.0 * weight;
                        squares[ordinals[i]] += meets && withSquares ? weight * weight : 0;
                    }
                }
                if (!meets) {
                    sums.add(postings, 1, ordinals.length + 1, 5);
                } else if (withSquares) {
                    sums.meetSquares(postings, 1, ordinals.length + 1, 5);
                } else {
                    sums.meet(postings, 1, ordinals.length + 1, 5);
                }
            }
            assertThat(sums.products()).containsExactly(products);
            assertThat(Arrays.copyOf(sums.met(), sums.size()))
                    .containsExactly(met.stream().mapToInt(i -> i).toArray());
            for (int i = 0; i < count && withSquares; i++) {
                assertThat(sums.square(i)).isEqualTo(squares[i]);
            }
            sums.clear();
            assertThat(sums.size()).isZero();
            assertThat(sums.products()).containsOnly(0);
        }
    }

    @Test
    @DisplayName(
            "S13: a list is kept whole up to eight fronts, the front by weight and the rest by ordinal, and knows what it dropped")
    void listsAreKeptWholeUpToEightFronts() {
        for (int length : new int[] {3, 4, 5, 31, 32, 33, 100}) {
            List<SparseVector> rows = new ArrayList<>();
            for (int i = 0; i < length; i++) {
                rows.add(new SparseVector(new int[] {9}, new float[] {1 + (i * 37) % length / 2}));
            }
            SparseRows some = SparseRows.copyOf(rows);
            RowReader reader = new RowReader();
            ItemNorms norms = ItemNorms.of(some, reader);
            Postings postings = Postings.build(some, 4, norms.squares(), reader);
            int list = postings.list(9);
            assertThat(postings.list(8)).isEqualTo(IntTable.ABSENT);
            List<Integer> byWeight = IntStream.range(0, length)
                    .boxed()
                    .sorted(Comparator.comparingDouble(
                                    (Integer i) -> -rows.get(i).weights()[0])
                            .thenComparing(i -> i))
                    .toList();
            int front = Math.min(4, length);
            boolean cut = length > 32;
            assertThat(postings.isCut(list)).isEqualTo(cut);
            assertThat(postings.end(list) - postings.start(list)).isEqualTo(cut ? 4 : length);
            assertThat(postings.front(list, 2)).isEqualTo(2);
            assertThat(postings.front(list, 100)).isEqualTo(front);
            List<Integer> expected = new ArrayList<>(byWeight.subList(front, cut ? front : length));
            expected.sort(Comparator.naturalOrder());
            expected.addAll(byWeight.subList(0, front).reversed());
            for (int at = postings.start(list); at < postings.end(list); at++) {
                int ordinal = expected.get(at - postings.start(list));
                assertThat(TopK.ordinal(postings.entries()[at])).isEqualTo(ordinal);
                assertThat(postings.weightAt(at)).isEqualTo(rows.get(ordinal).weights()[0]);
            }
            assertThat(postings.impactMax(0, list))
                    .isEqualTo(rows.get(byWeight.getFirst()).weights()[0]);
            assertThat(postings.droppedMax(0, list))
                    .isEqualTo(cut ? rows.get(byWeight.get(4)).weights()[0] : 0);
        }
    }

    @Test
    @DisplayName("S13: as many items as there are find room at once")
    void asManyItemsAsThereAreFindRoomAtOnce() {
        int count = 3000;
        long[] postings = new long[count];
        for (int i = 0; i < count; i++) {
            postings[i] = TopK.key(i, 2);
        }
        Sums sums = new Sums(count);
        for (int round = 1; round <= 2; round++) {
            sums.meet(postings, 0, count, 3);
            assertThat(sums.size()).isEqualTo(count);
            assertThat(sums.products()).containsOnly(6 * round);
        }
        assertThat(Arrays.copyOf(sums.met(), count))
                .containsExactly(IntStream.range(0, count).toArray());
    }

    @Test
    @DisplayName("S13: norms of items are worked out once, with the greatest length over norm")
    void normsOfItemsAreWorkedOutOnce() {
        SparseRows rows = SparseRows.copyOf(List.of(
                new SparseVector(new int[] {1, 5}, new float[] {3, 4}),
                new SparseVector(new int[] {2}, new float[] {0.5f}),
                SparseVector.EMPTY));
        ItemNorms norms = ItemNorms.of(rows, new RowReader());
        assertThat(norms.squares()).containsExactly(25, 0.25, 0);
        assertThat(norms.of(0).lengthMax()).isEqualTo(5);
        assertThat(norms.of(1).lengthMax()).isEqualTo(1);
        assertThat(norms.of(1).norms()).containsExactly(5, 0.5, 0);
        assertThat(norms.of(2).lengthMax()).isEqualTo(0.5 / Math.log(1.25), within(1e-12));
        assertThat(norms.of(3).lengthMax()).isEqualTo(5 / Math.pow(25, 0.3), within(1e-12));
        assertThat(norms.of(3)).isSameAs(norms.of(3));
    }

    @Test
    @DisplayName("S13: what is left to read of a query's lists adds up")
    void whatIsLeftToReadAddsUp() {
        List<SparseVector> rows = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            // Cluster 1 has all rows, 2 every second one, 3 every fourth.
            int[] columns = IntStream.of(1, i % 2 == 0 ? 2 : 0, i % 4 == 0 ? 3 : 0)
                    .filter(c -> c > 0)
                    .toArray();
            float[] weights = new float[columns.length];
            Arrays.fill(weights, 1 + i);
            rows.add(new SparseVector(columns, weights));
        }
        SparseRows some = SparseRows.copyOf(rows);
        RowReader reader = new RowReader();
        Postings postings = Postings.build(some, 10, ItemNorms.of(some, reader).squares(), reader);
        QueryLists lists = new QueryLists(postings);
        SparseVector query = new SparseVector(new int[] {1, 2, 3, 7}, new float[] {4, 2, 1, 8});
        Sums sums = new Sums(100);
        lists.set(query, 0);
        // Of weight / √length: cluster 1 has 4 / √10 (it is cut), 2 has 2 / √50, 3 has 1 / √25.
        assertThat(lists.size()).isEqualTo(3);
        assertThat(lists.postingsLeft(0)).isEqualTo(10 + 50 + 25);
        assertThat(lists.postingsLeft(1)).isEqualTo(50 + 25);
        assertThat(lists.postingsLeft(3)).isZero();
        assertThat(lists.squaresLeft(0)).isEqualTo(16 + 4 + 1);
        assertThat(lists.squaresLeft(1)).isEqualTo(4 + 1);
        assertThat(lists.impactsLeft(1)).isEqualTo(2 * 99 + 97);
        assertThat(lists.weightsLeft(1)).isEqualTo(2 * 99 + 97);
        assertThat(lists.weightsLeft(2)).isEqualTo(97);
        assertThat(lists.areCut()).isTrue();
        assertThat(lists.impactsDropped()).isEqualTo(4 * 90);
        assertThat(lists.weightsDropped()).isEqualTo(4 * 91);
        assertThat(lists.read(0, true, sums)).isEqualTo(10);
        assertThat(sums.size()).isEqualTo(10);
        assertThat(sums.products()[99]).isEqualTo(400);
        sums.clear();
        // Of the two strongest of the query's clusters, nobody has one; of the other the first five.
        lists.setAfterFronts(query, 2, 5, 0, sums);
        assertThat(sums.size()).isEqualTo(5);
        assertThat(sums.products()[95]).isEqualTo(4 * 96);
        assertThat(sums.products()[94]).isZero();
        assertThat(lists.postingsLeft(0)).isEqualTo(5 + 50 + 25);
        assertThat(lists.weightsLeft(0)).as("at most the last one read").isEqualTo(4 * 96 + 2 * 99 + 97);
        assertThat(lists.read(2, false, sums)).isEqualTo(25);
        assertThat(sums.size()).isEqualTo(5);
        assertThat(sums.products()[96]).isEqualTo(4 * 97 + 97);
        // Of 2 / √50 and 1.5 / √25 the latter is read first.
        lists.set(new SparseVector(new int[] {2, 3}, new float[] {2, 1.5f}), 0);
        assertThat(lists.weightsLeft(1)).isEqualTo(2 * 99);
        // A list of which nothing is left is no part.
        lists.setAfterFronts(new SparseVector(new int[] {1}, new float[] {1}), 1, 10, 0, sums);
        assertThat(lists.size()).isZero();
        // A query of clusters that are not cut.
        lists.set(new SparseVector(new int[] {2}, new float[] {1}), 0);
        assertThat(lists.areCut()).isFalse();
        assertThat(lists.weightsDropped()).isZero();
    }
}
