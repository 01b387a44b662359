package repscorer.ann.hnsw;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class GraphTest {

    private static int[] levels(long seed, int from, int to) {
        return IntStream.range(from, to).map(row -> Graph.level(seed, row, 2)).toArray();
    }

    private static int[] digits(String digits) {
        return digits.chars().map(each -> each - '0').toArray();
    }

    @Test
    @DisplayName("V1: levels are drawn as they ever were, for the lists in a file lie by them")
    void levelsAreDrawnAsTheyEverWere() {
        assertThat(levels(1, 0, 48)).containsExactly(digits("100001222100202110020001112244201021300122111000"));
        assertThat(levels(-7, 0, 48)).containsExactly(digits("300033302501103120000211000101500000011000210011"));
    }

    @Test
    @DisplayName("S13: no row is above level 15, however many there are")
    void noRowIsAboveTheHighestLevel() {
        assertThat(Arrays.stream(levels(1, 0, 300_000)).max()).hasValue(15);
    }
}
