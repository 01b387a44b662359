package repscorer.ann.hnsw;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import repscorer.ann.HnswParameters;
import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SearchOptions;
import repscorer.testing.Seeds;
import repscorer.testing.SyntheticVectors;
import repscorer.vector.Metric;

/**
 * Slots are not written while a search that could see them is at work. The search is held in the middle: its filter, which is
 * asked for every row it meets, deletes, repairs and inserts, and says which slots the new rows took.
 */
class SlotReuseTest {

    private static final int ROWS = 1500;
    private static final int DIMENSION = 12;
    private static final HnswParameters PARAMETERS = new HnswParameters(8, 60, 5);

    private final RandomGenerator random = Seeds.random("SlotReuseTest");
    private final float[][] values = SyntheticVectors.gaussian(random, ROWS, DIMENSION);

    /** A search from the first time its filter is asked; {@code meanwhile} runs within it. */
    private Neighbors heldSearch(MutableHnswIndex index, SearchOptions options, Runnable meanwhile) {
        boolean[] ran = new boolean[1];
        OrdinalFilter filter = new OrdinalFilter() {
            @Override
            public boolean accepts(int slot) {
                if (!ran[0]) {
                    ran[0] = true;
                    meanwhile.run();
                }
                return true;
            }

            @Override
            public int accepted(int count) {
                return count;
            }
        };
        Neighbors found = index.search(values[0], options.withFilter(filter));
        assertThat(ran[0]).as("the search was held").isTrue();
        return found;
    }

    private MutableHnswIndex index(Quantization quantization) {
        MutableHnswIndex index = MutableHnswIndex.empty(DIMENSION, Metric.L2, PARAMETERS, quantization);
        for (float[] row : values) {
            index.insert(row);
        }
        return index;
    }

    @ParameterizedTest
    @EnumSource(
            value = Quantization.class,
            names = {"NONE", "INT8"})
    @DisplayName("S13: no slot is written anew while a search that began before its row was unlinked is at work")
    void noSlotIsWrittenWhileASearchCouldSeeIt(Quantization quantization) {
        MutableHnswIndex index = index(quantization);
        Set<Integer> seen = new HashSet<>();
        Set<Integer> taken = new HashSet<>();
        heldSearch(index, SearchOptions.of(10).withEf(40), () -> {
            for (int row = 0; row < 120; row++) {
                index.delete(row);
                seen.add(row);
            }
            index.repair();
            for (int i = 0; i < 200; i++) {
                taken.add(index.insert(SyntheticVectors.gaussian(random, 1, DIMENSION)[0]));
            }
        });
        assertThat(taken).hasSize(200).doesNotContainAnyElementsOf(seen);
        List<Integer> later = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            later.add(index.insert(values[i]));
        }
        assertThat(later).as("once it has ended they are used again").containsExactlyInAnyOrderElementsOf(seen);
    }

    @Test
    @DisplayName("S13: a search that begins between two unlinkings holds back the slots of the second alone")
    void aSearchHoldsBackWhatWasUnlinkedAfterItBegan() {
        MutableHnswIndex index = index(Quantization.NONE);
        index.delete(3);
        index.repair();
        List<Integer> taken = new ArrayList<>();
        heldSearch(index, SearchOptions.of(10).withEf(40), () -> {
            index.delete(5);
            index.repair();
            taken.add(index.insert(values[3]));
            taken.add(index.insert(values[5]));
        });
        assertThat(taken).containsExactly(3, ROWS);
        assertThat(index.insert(values[7])).isEqualTo(5);
        assertThat(index.insert(values[9])).isEqualTo(ROWS + 1);
    }

    @Test
    @DisplayName("S13: what a held search answers are rows as they were, not as they became")
    void aHeldSearchAnswersRowsAsTheyWere() {
        MutableHnswIndex index = index(Quantization.NONE);
        float[] query = values[0];
        Neighbors found = heldSearch(index, SearchOptions.of(50).withEf(200), () -> {
            for (int row = 1; row < 600; row++) {
                index.update(row, SyntheticVectors.gaussian(random, 1, DIMENSION)[0]);
            }
        });
        for (int i = 0; i < found.size(); i++) {
            int slot = found.ordinals()[i];
            if (slot < ROWS) {
                double squares = 0;
                for (int j = 0; j < DIMENSION; j++) {
                    squares += Math.pow(query[j] - (double) values[slot][j], 2);
                }
                double distance = Math.sqrt(squares);
                assertThat(-found.scores()[i]).as("slot %s", slot).isBetween((float) (distance * 0.999 - 1e-4), (float)
                        (distance * 1.001 + 1e-4));
            }
        }
    }
}
