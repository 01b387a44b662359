package repscorer.ann.hnsw;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
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

    @Test
    void nothingBeyondTheSlackIsKeptOrFollowed() {
        CandidateList candidates = new CandidateList();
        candidates.reset(8);
        for (int i = 1; i <= 4; i++) {
            candidates.offer(i, 10 - i); // distances of 1 to 4 from a score of 10
        }
        candidates.narrow(5, 0.1f, 10, 0);
        assertThat(candidates.follow()).as("fewer than k: no effect").isEqualTo(1);
        candidates.narrow(2, 1.5f, 10, 0); // to a distance of 3
        candidates.offer(5, 6.9f);
        assertThat(candidates.size()).isEqualTo(4);
        candidates.offer(6, 7);
        assertThat(candidates.size()).isEqualTo(5);
        assertThat(candidates.follow()).isEqualTo(2);
        assertThat(candidates.follow()).isEqualTo(3);
        assertThat(candidates.follow()).isEqualTo(6);
        assertThat(candidates.follow()).as("4 is further").isEqualTo(Graph.NONE);
        candidates.narrow(2, 9, 10, 0);
        assertThat(candidates.follow()).as("it never widens").isEqualTo(Graph.NONE);
        candidates.narrow(1, 1, 10, 2); // codes tell no less than 2
        candidates.offer(7, 8);
        candidates.offer(8, 7.9f);
        assertThat(candidates.follow()).isEqualTo(7);
        assertThat(candidates.follow()).isEqualTo(Graph.NONE);
        candidates.reset(3);
        candidates.offer(9, -100);
        assertThat(candidates.follow()).as("a new search").isEqualTo(9);
    }

    @Test
    void exactlyAsManyAsAreWantedNarrow() {
        CandidateList candidates = new CandidateList();
        candidates.reset(8);
        for (int i = 1; i <= 3; i++) {
            candidates.offer(i, 10 - i);
        }
        candidates.narrow(3, 1, 10, 0);
        candidates.offer(4, 6.9f);
        candidates.offer(5, 7);
        assertThat(candidates.size()).as("nothing beyond the third").isEqualTo(4);
    }

    @Test
    void bothZerosAreOneScore() {
        assertThat(CandidateList.key(3, -0f)).isEqualTo(CandidateList.key(3, 0f));
    }
}
