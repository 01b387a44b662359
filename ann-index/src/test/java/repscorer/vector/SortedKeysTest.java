package repscorer.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import repscorer.testing.Seeds;

class SortedKeysTest {

    private final RandomGenerator random = Seeds.random("SortedKeysTest");
    private final SortedKeys keys = new SortedKeys();

    private List<Long> kept() {
        List<Long> kept = new ArrayList<>();
        for (int place = 0; place < keys.size(); place++) {
            kept.add(keys.get(place));
        }
        return kept;
    }

    @Test
    void keepsTheGreatestInFallingOrderWhateverTheCapacity() {
        for (int round = 0; round < 200; round++) {
            int capacity = 1 + random.nextInt(round % 10 == 0 ? 400 : 40);
            keys.reset(capacity);
            TreeSet<Long> all = new TreeSet<>(Collections.reverseOrder());
            for (int i = 0; i < 2 * capacity; i++) {
                long key = random.nextInt(4) == 0 ? random.nextLong() : random.nextInt(10 * capacity);
                if (key == Long.MIN_VALUE || key == Long.MAX_VALUE || !all.add(key)) {
                    continue;
                }
                List<Long> before = kept();
                int changed = keys.insert(key);
                List<Long> best = all.stream().limit(capacity).toList();
                assertThat(kept()).as("capacity %s, after %s", capacity, key).isEqualTo(best);
                assertThat(changed).isBetween(0, best.size());
                assertThat(best.subList(0, Math.min(changed, before.size())))
                        .isEqualTo(before.subList(0, Math.min(changed, before.size())));
                assertThat(keys.isFull()).isEqualTo(best.size() == capacity);
                assertThat(keys.get(keys.size())).isEqualTo(Long.MIN_VALUE);
            }
        }
    }

    @Test
    void findsTheFirstEvenKeyFromAnyPlaceOn() {
        for (int round = 0; round < 100; round++) {
            keys.reset(50);
            for (int i = 0; i < random.nextInt(60); i++) {
                keys.insert(2L * i + (random.nextInt(5) == 0 ? 0 : 1));
            }
            List<Long> kept = kept();
            for (int from = 0; from <= kept.size(); from++) {
                int expected = from;
                while (expected < kept.size() && kept.get(expected) % 2 != 0) {
                    expected++;
                }
                assertThat(keys.firstEven(from)).as("from %s of %s", from, kept).isEqualTo(expected);
            }
        }
    }

    @Test
    void keysMayBeOverwrittenInTheirPlaces() {
        keys.reset(3);
        keys.insert(10);
        keys.insert(30);
        keys.insert(20);
        keys.set(1, 21);
        keys.insert(5);
        assertThat(kept()).containsExactly(30L, 21L, 10L);
    }
}
