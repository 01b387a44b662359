package repscorer.training.simclusters;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import repscorer.testing.Seeds;
import repscorer.training.graph.Csr;
import repscorer.training.progress.TrainingProgress;
import repscorer.training.simclusters.SimilarityGraph.Cut;

/** 25 producers of 1 to 60 followers among 60 users, held to sets of followers. */
class SimilarityGraphTest {

    private static final int USERS = 60;
    private static final int PRODUCERS = 25;

    private final RandomGenerator random = Seeds.random("SimilarityGraphTest");
    private final List<TreeSet<Integer>> followers = drawn();

    private List<TreeSet<Integer>> drawn() {
        List<TreeSet<Integer>> all = new ArrayList<>();
        for (int p = 0; p < PRODUCERS; p++) {
            double share = p == 0 ? 1 : p % 3 == 0 ? 0.6 : 0.15;
            TreeSet<Integer> own = new TreeSet<>();
            own.add(random.nextInt(USERS));
            for (int u = 0; u < USERS; u++) {
                if (random.nextDouble() < share) {
                    own.add(u);
                }
            }
            all.add(own);
        }
        return all;
    }

    private List<TreeSet<Integer>> followees() {
        List<TreeSet<Integer>> all = new ArrayList<>();
        for (int u = 0; u < USERS; u++) {
            TreeSet<Integer> own = new TreeSet<>();
            for (int p = 0; p < PRODUCERS; p++) {
                if (followers.get(p).contains(u)) {
                    own.add(p);
                }
            }
            all.add(own);
        }
        return all;
    }

    private static Csr csr(List<TreeSet<Integer>> rows) {
        int[] offsets = new int[rows.size() + 1];
        List<Integer> columns = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            columns.addAll(rows.get(row));
            offsets[row + 1] = columns.size();
        }
        int[] flat = columns.stream().mapToInt(column -> column).toArray();
        return new Csr(offsets, flat, new int[flat.length]);
    }

    /** The producers that one keeps with their cosines, the most similar first: the definition, over sets. */
    private Map<Integer, Float> kept(int p, Cut cut) {
        Map<Integer, Float> cosines = new TreeMap<>();
        List<Integer> own = List.copyOf(followers.get(p));
        if (own.size() < cut.followersMin()) {
            return cosines;
        }
        int looked = Math.min(own.size(), cut.followersSampledMax());
        for (int q = 0; q < PRODUCERS; q++) {
            TreeSet<Integer> theirs = followers.get(q);
            int shared = 0;
            for (int i = 0; i < looked; i++) {
                int user = own.get(i * own.size() / looked);
                long follows =
                        followers.stream().filter(each -> each.contains(user)).count();
                shared += theirs.contains(user) && follows <= cut.followeesMax() ? 1 : 0;
            }
            double whole = shared * ((double) own.size() / looked);
            float cosine = (float) Math.min(1, whole / Math.sqrt((double) own.size() * theirs.size()));
            if (q != p && shared > 0 && theirs.size() >= cut.followersMin() && cosine >= cut.similarityMin()) {
                cosines.put(q, cosine);
            }
        }
        List<Integer> best = new ArrayList<>(cosines.keySet());
        best.sort(Comparator.comparing((Integer q) -> -requireNonNull(cosines.get(q)))
                .thenComparing(q -> q));
        cosines.keySet().retainAll(best.subList(0, Math.min(best.size(), cut.neighboursMax())));
        return cosines;
    }

    private static Map<Integer, Float> row(SimilarityGraph graph, int p) {
        Map<Integer, Float> row = new TreeMap<>();
        for (int i = graph.offsets()[p]; i < graph.offsets()[p + 1]; i++) {
            assertThat(row.put(graph.neighbours()[i], graph.similarities()[i]))
                    .as("twice in row %s", p)
                    .isNull();
        }
        return row;
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1000, 1000, 1000, 0", // everything
        "8, 1000, 1000, 1000, 0", // producers with as many as are needed, and with fewer
        "1, 7, 1000, 1000, 0", // followers are sampled
        "3, 10, 9, 4, 0.1", // all at once
        "1, 1000, 6, 1000, 0", // followers who follow many say nothing
        "1, 1000, 1000, 3, 0", // more than are kept
        "1, 1000, 1000, 1000, 0.4"
    })
    @DisplayName("S13: a producer keeps the most similar of those that share followers, as sets of followers have them")
    void producersKeepTheMostSimilar(int followersMin, int sampled, int followees, int neighbours, double least) {
        Cut cut = new Cut(followersMin, sampled, followees, neighbours, least);
        SimilarityGraph nearest =
                SimilarityGraph.nearest(csr(followees()), csr(followers), cut, 2, TrainingProgress.NONE);
        SimilarityGraph joined = SimilarityGraph.of(csr(followees()), csr(followers), cut, 2, TrainingProgress.NONE);
        assertThat(nearest.producers()).isEqualTo(PRODUCERS);
        int edges = 0;
        for (int p = 0; p < PRODUCERS; p++) {
            Map<Integer, Float> own = kept(p, cut);
            assertThat(row(nearest, p)).as("kept by %s", p).isEqualTo(own);
            assertThat(nearest.degree(p)).isEqualTo(own.size());
            for (int i = nearest.offsets()[p] + 1; i < nearest.offsets()[p + 1]; i++) {
                assertThat(nearest.similarities()[i]).isLessThanOrEqualTo(nearest.similarities()[i - 1]);
            }
            Map<Integer, Float> both = new TreeMap<>(own);
            for (int q = 0; q < PRODUCERS; q++) {
                Float theirs = kept(q, cut).get(p);
                if (theirs != null) {
                    both.merge(q, theirs, Math::min); // of two estimates the lower
                }
            }
            assertThat(row(joined, p)).as("joined with %s", p).isEqualTo(both);
            edges += own.size();
            for (int i = joined.offsets()[p] + 1; i < joined.offsets()[p + 1]; i++) {
                assertThat(joined.neighbours()[i]).isGreaterThan(joined.neighbours()[i - 1]);
            }
        }
        assertThat(edges).isPositive();
    }

    @Test
    @DisplayName("S13: a graph reversed has in each row those whose rows it is in, and twice reversed is as it was")
    void aReversedGraphHasThoseWhoKeepARow() {
        Cut cut = new Cut(1, 1000, 1000, 4, 0);
        SimilarityGraph nearest =
                SimilarityGraph.nearest(csr(followees()), csr(followers), cut, 1, TrainingProgress.NONE);
        SimilarityGraph reversed = nearest.reversed();
        for (int p = 0; p < PRODUCERS; p++) {
            Map<Integer, Float> expected = new TreeMap<>();
            for (int q = 0; q < PRODUCERS; q++) {
                Float cosine = row(nearest, q).get(p);
                if (cosine != null) {
                    expected.put(q, cosine);
                }
            }
            assertThat(row(reversed, p)).isEqualTo(expected);
            assertThat(row(reversed.reversed(), p)).isEqualTo(row(nearest, p));
        }
    }

    @Test
    @DisplayName("S13: a cosine of exactly the least joins two")
    void aCosineOfTheLeastJoins() {
        List<TreeSet<Integer>> two = List.of(new TreeSet<>(List.of(0, 1, 2, 3)), new TreeSet<>(List.of(2, 3, 4, 5)));
        List<TreeSet<Integer>> followed = new ArrayList<>();
        for (int user = 0; user < 6; user++) {
            followed.add(new TreeSet<>(user < 2 ? List.of(0) : user < 4 ? List.of(0, 1) : List.of(1)));
        }
        for (double least : new double[] {0.5, Math.nextUp(0.5)}) {
            Cut cut = new Cut(1, 10, 10, 10, least);
            assertThat(SimilarityGraph.of(csr(followed), csr(two), cut, 1, TrainingProgress.NONE)
                            .similarities())
                    .containsExactly(least == 0.5 ? new float[] {0.5f, 0.5f} : new float[0]);
        }
    }
}
