package repscorer.ann.hnsw;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import repscorer.testing.Seeds;

/** Against a list that is sorted anew after every step. */
class CandidateListTest {

    private static final class Entry {
        final int ordinal;
        final float score;
        boolean followed;

        Entry(int ordinal, float score) {
            this.ordinal = ordinal;
            this.score = score;
        }
    }

    private static final Comparator<Entry> BEST_FIRST =
            Comparator.comparing((Entry entry) -> -entry.score).thenComparing(entry -> entry.ordinal);

    @RepeatedTest(6)
    void keepsTheBestAndFollowsTheBestOfThoseLeft() {
        RandomGenerator random = Seeds.random("CandidateListTest");
        CandidateList candidates = new CandidateList();
        for (int capacity : new int[] {1, 2, 63, 64, 65, 128, 200, 700}) {
            candidates.reset(capacity);
            List<Entry> model = new ArrayList<>();
            int ordinal = 0;
            for (int step = 0; step < 3 * capacity; step++) {
                if (random.nextInt(3) > 0) {
                    int n = 1 + random.nextInt(8);
                    int[] ids = new int[n];
                    float[] scores = new float[n];
                    for (int i = 0; i < n; i++) {
                        ids[i] = ordinal++;
                        scores[i] = random.nextInt(40) - 20; // many ties
                        model.add(new Entry(ids[i], scores[i]));
                    }
                    for (long good = candidates.good(scores, 0, n); good != 0; good &= good - 1) {
                        int i = Long.numberOfTrailingZeros(good);
                        candidates.insert(ids[i], scores[i]);
                    }
                    model.sort(BEST_FIRST);
                    while (model.size() > capacity) {
                        model.removeLast();
                    }
                } else {
                    Entry next = next(model);
                    assertThat(candidates.follow()).isEqualTo(next == null ? Graph.NONE : next.ordinal);
                    if (next != null) {
                        next.followed = true;
                        assertThat(candidates.score(candidates.followedPlace())).isEqualTo(next.score);
                    }
                }
            }
            assertThat(candidates.size()).isEqualTo(model.size());
            for (int i = 0; i < model.size(); i++) {
                assertThat(candidates.ordinal(i)).isEqualTo(model.get(i).ordinal);
                assertThat(candidates.score(i)).isEqualTo(model.get(i).score);
            }
            for (Entry next = next(model); next != null; next = next(model)) {
                assertThat(candidates.follow()).isEqualTo(next.ordinal);
                next.followed = true;
            }
            assertThat(candidates.follow()).isEqualTo(Graph.NONE);
        }
    }

    private static @Nullable Entry next(List<Entry> model) {
        return model.stream().filter(entry -> !entry.followed).findFirst().orElse(null);
    }
}
