package repscorer.training.simclusters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import repscorer.training.plan.SimClustersPlan;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.YamlFiles;
import repscorer.training.progress.TrainingProgress;

/** The search for communities on graphs small enough to say what it must find, and to judge it by its objective, pair by pair. */
class CommunitySearchTest {

    private static final double ALPHA = 10;

    /** Similarities by pair; 0 is no edge. */
    private static final class Pairs {

        private final double[][] similarity;

        private Pairs(int n) {
            similarity = new double[n][n];
        }

        private Pairs join(double s, int[] a, int[] b) {
            for (int p : a) {
                for (int q : b) {
                    if (p != q) {
                        similarity[p][q] = s;
                        similarity[q][p] = s;
                    }
                }
            }
            return this;
        }

        private SimilarityGraph graph() {
            int n = similarity.length;
            int[] offsets = new int[n + 1];
            List<Integer> neighbours = new ArrayList<>();
            List<Float> weights = new ArrayList<>();
            for (int p = 0; p < n; p++) {
                for (int q = 0; q < n; q++) {
                    if (similarity[p][q] > 0) {
                        neighbours.add(q);
                        weights.add((float) similarity[p][q]);
                    }
                }
                offsets[p + 1] = neighbours.size();
            }
            float[] values = new float[weights.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = weights.get(i);
            }
            return new SimilarityGraph(
                    offsets, neighbours.stream().mapToInt(i -> i).toArray(), values);
        }

        /** F: α · what lies inside less the pairs inside that have no edge. */
        private double objective(int[] of) {
            double sum = 0;
            for (int p = 0; p < of.length; p++) {
                for (int q = 0; q < p; q++) {
                    if (of[p] == of[q]) {
                        sum += similarity[p][q] > 0 ? ALPHA * similarity[p][q] : -1;
                    }
                }
            }
            return sum;
        }
    }

    private static int[] range(int from, int to) {
        int[] range = new int[to - from];
        Arrays.setAll(range, i -> from + i);
        return range;
    }

    private static SimClustersPlan plan(int communities, int epochs) {
        return YamlFiles.parse(java.nio.file.Path.of("p.yaml"), """
                        name: p
                        simclusters: {follow: follow, communities: %s, epochs: %s, edge-weight: 10}
                        relations: [{name: follow, files: [f.tsv], head: user, tail: user}]
                        """.formatted(communities, epochs), TrainingPlan.class)
                .simclusters()
                .orElseThrow();
    }

    private static Communities from(Pairs pairs, int communities, int epochs, int... numberOf) {
        return Communities.find(
                pairs.graph(), plan(communities, epochs), KnownFor.of(numberOf), 3, TrainingProgress.NONE);
    }

    /** Each producer's community by its number, -1 for none. */
    private static int[] numbers(Communities found) {
        return Arrays.stream(found.of())
                .map(c -> c < 0 ? -1 : found.numbers()[c])
                .toArray();
    }

    // ---- what must be found ----

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    @DisplayName("S13: where the search ends by itself neither a move nor a merger raises the objective")
    void whereTheSearchEndsNothingRaisesTheObjective(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int n = 40;
        Pairs pairs = new Pairs(n);
        for (int p = 0; p < n; p++) {
            for (int q = 0; q < p; q++) {
                if (random.nextDouble() < (p % 4 == q % 4 ? 0.7 : 0.12)) {
                    pairs.join(0.05 + 0.4 * random.nextDouble(), new int[] {p}, new int[] {q});
                }
            }
        }
        int epochs = 200;
        Communities found = Communities.find(pairs.graph(), plan(12, epochs), seed, TrainingProgress.NONE);
        assertThat(found.epochs()).as("half of the passes cool down").isBetween(epochs / 2 + 1, epochs - 1);
        // One who is alone was its community's only member.
        int[] of = found.of().clone();
        for (int p = 0; p < n; p++) {
            of[p] = of[p] < 0 ? 1000 + p : of[p];
        }
        double reached = pairs.objective(of);
        for (int p = 0; p < n; p++) {
            for (int q = 0; q < n; q++) {
                if (pairs.similarity[p][q] > 0 && of[q] != of[p]) {
                    int[] moved = of.clone();
                    moved[p] = of[q];
                    assertThat(pairs.objective(moved)).as("%s to %s", p, q).isLessThanOrEqualTo(reached + 1e-3);
                    int[] merged = of.clone();
                    for (int r = 0; r < n; r++) {
                        merged[r] = of[r] == of[p] ? of[q] : of[r];
                    }
                    assertThat(pairs.objective(merged)).as("%s with %s", p, q).isLessThanOrEqualTo(reached + 1e-3);
                }
            }
        }
    }

    @Test
    @DisplayName("S13: communities are numbered by size, ties by their first producer, and one alone is none")
    void communitiesAreNumberedBySize() {
        Pairs pairs = new Pairs(16)
                .join(0.9, range(0, 3), range(0, 3))
                .join(0.9, range(3, 8), range(3, 8))
                .join(0.9, range(8, 11), range(8, 11))
                .join(0.9, range(11, 15), range(11, 15));
        Communities found = Communities.find(pairs.graph(), plan(16, 20), 1, TrainingProgress.NONE);
        assertThat(found.of()).containsExactly(2, 2, 2, 0, 0, 0, 0, 0, 3, 3, 3, 1, 1, 1, 1, -1);
        assertThat(found.numbers()).containsExactly(0, 1, 2, 3);
        assertThat(found.count()).isEqualTo(4);
        assertThat(found.insideSimilarity()[0]).isCloseTo(1.8f, Offset.offset(1e-5f));
        assertThat(found.insideSimilarity()[3]).isCloseTo(3.6f, Offset.offset(1e-5f));
        assertThat(found.insideSimilarity()[15]).isZero();
        assertThat(found.insideShare(pairs.graph())).isCloseTo(1, Offset.offset(1e-6));
        assertThat(found.insideShare(new Pairs(16).graph())).isZero();
    }

    @Test
    void similarityBetweenCommunitiesIsNotInside() {
        Pairs pairs = new Pairs(8)
                .join(0.5, range(0, 4), range(0, 4))
                .join(0.5, range(4, 8), range(4, 8))
                .join(0.25, new int[] {0}, new int[] {7});
        Communities found = Communities.find(pairs.graph(), plan(8, 20), 1, TrainingProgress.NONE);
        assertThat(found.count()).isEqualTo(2);
        assertThat(found.insideShare(pairs.graph())).isCloseTo(6 / 6.25, Offset.offset(1e-6));
        assertThat(found.insideSimilarity()[0]).isCloseTo(1.5f, Offset.offset(1e-6f));
    }

    // ---- from an earlier run ----

    @Test
    @DisplayName("S13: what is settled stays as it is, in one pass")
    void whatIsSettledStays() {
        Pairs pairs = new Pairs(8).join(0.9, range(0, 4), range(0, 4)).join(0.9, range(4, 8), range(4, 8));
        Communities found = from(pairs, 2, 9, 5, 5, 5, 5, 0, 0, 0, 0);
        assertThat(numbers(found)).containsExactly(5, 5, 5, 5, 0, 0, 0, 0);
        assertThat(found.numbers()).containsExactly(0, 5);
        assertThat(found.epochs()).isEqualTo(1);
    }

    @Test
    @DisplayName(
            "S13: communities whose members will not move one by one are joined, the small one to the one it gains most with")
    void communitiesAreJoinedWhereSinglesWillNotMove() {
        int[] x = range(0, 2);
        int[] y = range(2, 7);
        int[] z = range(7, 13);
        Pairs pairs = new Pairs(13)
                .join(0.9, x, x)
                .join(0.9, y, y)
                .join(0.9, z, z)
                .join(0.06, x, y)
                .join(0.08, x, z);
        int[] numberOf = {9, 9, 4, 4, 4, 4, 4, 6, 6, 6, 6, 6, 6};
        Communities found = from(pairs, 3, 9, numberOf);
        assertThat(numbers(found)).containsExactly(6, 6, 4, 4, 4, 4, 4, 6, 6, 6, 6, 6, 6);
        assertThat(found.epochs())
                .as("one to join, one to see that all is done")
                .isEqualTo(2);
    }

    @Test
    @DisplayName("S13: where two are gained with alike it is the first, and where nothing is gained nobody goes")
    void tiesGoToTheFirst() {
        int[] x = range(0, 2);
        int[] y = range(2, 6);
        int[] z = range(6, 10);
        int[] w = range(10, 13);
        Pairs pairs = new Pairs(13)
                .join(0.875, x, x)
                .join(0.875, y, y)
                .join(0.875, z, z)
                .join(0.875, w, w)
                .join(0.0625, x, z)
                .join(0.0625, x, y)
                .join(0.125, new int[] {10}, new int[] {9});
        int[] numberOf = {3, 3, 7, 7, 7, 7, 5, 5, 5, 5, 1, 1, 1};
        assertThat(numbers(from(pairs, 4, 9, numberOf))).containsExactly(5, 5, 7, 7, 7, 7, 5, 5, 5, 5, 1, 1, 1);
    }

    @Test
    @DisplayName("S13: a community that was joined goes on with all its members")
    void whatWasJoinedGoesOnWhole() {
        int[] a = range(0, 2);
        int[] b = range(2, 5);
        int[] c = range(5, 12);
        Pairs pairs = new Pairs(12)
                .join(0.9, a, a)
                .join(0.9, b, b)
                .join(0.9, c, c)
                .join(0.2, a, b)
                .join(0.18, b, c);
        Communities found = from(pairs, 3, 1, 8, 8, 2, 2, 2, 4, 4, 4, 4, 4, 4, 4);
        assertThat(numbers(found)).containsOnly(4);
        assertThat(found.epochs()).isEqualTo(1);
    }

    @Test
    @DisplayName("S13: a new producer joins its neighbours, and only a neighbourhood without any founds a community")
    void newProducersJoinTheirNeighbours() {
        Pairs pairs = new Pairs(12)
                .join(0.9, range(0, 5), range(0, 5))
                .join(0.9, range(5, 9), range(5, 9))
                .join(0.9, range(9, 11), range(9, 11));
        Communities found = from(pairs, 20, 9, 7, 7, 7, 7, -1, -1, -1, -1, -1, 3, 3, -1);
        int[] numbers = numbers(found);
        assertThat(numbers[4]).isEqualTo(7);
        assertThat(Arrays.copyOfRange(numbers, 5, 9)).containsOnly(8);
        assertThat(Arrays.copyOfRange(numbers, 9, 11)).containsOnly(3);
        assertThat(numbers[11]).as("resembles nobody").isEqualTo(-1);
        assertThat(found.numbers()).containsExactly(3, 7, 8);
    }

    @Test
    @DisplayName(
            "S13: fresh numbers go up, one alone among earlier communities is none, and a pass that moved is followed by another")
    void freshNumbersGoUp() {
        Pairs pairs = new Pairs(13)
                .join(0.9, range(0, 4), range(0, 4))
                .join(0.9, range(4, 7), range(4, 7))
                .join(0.9, range(7, 11), range(7, 11))
                .join(0.05, new int[] {0}, new int[] {11});
        Communities found = from(pairs, 20, 9, 5, 5, 5, 5, -1, -1, -1, -1, -1, -1, -1, 2, -1);
        assertThat(found.numbers()).containsExactly(5, 6, 7);
        assertThat(numbers(found)).startsWith(5, 5, 5, 5);
        assertThat(new int[] {numbers(found)[4], numbers(found)[7]}).containsExactlyInAnyOrder(6, 7);
        assertThat(numbers(found)[11]).isEqualTo(-1);
        Pairs clique = new Pairs(5).join(0.9, range(0, 5), range(0, 5));
        Communities joined = from(clique, 1, 9, 3, 3, 3, 3, -1);
        assertThat(numbers(joined)).containsOnly(3);
        assertThat(joined.epochs()).isEqualTo(2);
    }

    @Test
    @DisplayName("S13: communities of one size are numbered by their first producers, whatever the search drew")
    void communitiesOfOneSizeAreNumberedByTheirFirst() {
        Pairs pairs = new Pairs(6)
                .join(0.9, new int[] {0}, new int[] {5})
                .join(0.9, new int[] {1}, new int[] {4})
                .join(0.9, new int[] {2}, new int[] {3});
        for (long seed = 0; seed < 8; seed++) {
            assertThat(Communities.find(pairs.graph(), plan(6, 6), seed, TrainingProgress.NONE)
                            .of())
                    .containsExactly(0, 1, 2, 2, 1, 0);
        }
    }

    @Test
    void noMoreCommunitiesAreFoundedThanAreAskedFor() {
        Pairs pairs = new Pairs(12);
        for (int c = 0; c < 6; c++) {
            pairs.join(0.9, range(2 * c, 2 * c + 2), range(2 * c, 2 * c + 2));
        }
        assertThat(Communities.find(pairs.graph(), plan(4, 6), 1, TrainingProgress.NONE)
                        .count())
                .isEqualTo(4);
        assertThat(Communities.find(pairs.graph(), plan(9, 6), 1, TrainingProgress.NONE)
                        .count())
                .isEqualTo(6);
    }

    @Test
    void numbersOfAnEarlierRunAreAnyThatAreNotNegative() {
        KnownFor known = KnownFor.of(new int[] {5, -1, 0, 5, 17});
        assertThat(known.numbers()).containsExactly(0, 5, 17);
        assertThat(known.of()).containsExactly(1, -1, 0, 1, 2);
        assertThat(known.isEmpty()).isFalse();
        assertThat(KnownFor.of(new int[] {-1}).isEmpty()).isTrue();
        assertThat(KnownFor.of(new int[] {0}).isEmpty()).isFalse();
    }

    @Test
    @DisplayName("S13: a search tells each of its passes and ends where it is asked to")
    void aSearchTellsItsPasses() {
        Pairs pairs = new Pairs(8).join(0.9, range(0, 4), range(0, 4));
        TreeMap<Long, Integer> told = new TreeMap<>();
        Communities found = Communities.find(pairs.graph(), plan(2, 30), 1, (stage, done, total, note) -> {
            assertThat(stage).isEqualTo("communities");
            assertThat(total).isEqualTo(30);
            told.merge(done, 1, Integer::sum);
        });
        assertThat(told).containsKeys(0L, found.epochs() - 1L, 30L);
        assertThat(told).hasSize(found.epochs() + (found.epochs() == 31 ? 0 : 1));
        TrainingProgress cancelled = new TrainingProgress() {
            @Override
            public void report(String stage, long done, long total, String note) {}

            @Override
            public boolean cancelled() {
                return true;
            }
        };
        assertThatExceptionOfType(CancellationException.class)
                .isThrownBy(() -> Communities.find(pairs.graph(), plan(2, 30), 1, cancelled));
    }
}
