package repscorer.ann.hnsw;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BuildScratchTest {

    private final Graph graph = Graph.empty(3, 10, 1, Arena.ofAuto());
    private final BuildScratch scratch = new BuildScratch(10, 4, 4, 3);

    @Test
    void whatIsRelinkedIsGatheredFromTheListAndThroughTheRowsThatAreGone() {
        graph.setList(0, 0, new int[] {1, 2, 3, 4}, 4);
        graph.setList(0, 1, new int[] {9}, 1); // stays, so nobody looks behind it
        graph.setList(0, 2, new int[] {0, 3, 5, 6}, 4);
        graph.setList(0, 4, new int[] {2, 5, 7}, 3);
        int n = scratch.gatherRelinked(graph, 0, 0, 0, row -> row == 2 || row == 4 ? Graph.NONE : row);
        assertThat(Arrays.copyOf(scratch.ids, n)).containsExactly(1, 3, 5, 6, 7);
        assertThat(scratch.degree).isEqualTo(4);
        assertThat(scratch.kept).isEqualTo(2);
    }

    @Test
    void rowsAreGatheredUnderTheirNewOrdinals() {
        graph.setList(0, 8, new int[] {1, 2}, 2);
        graph.setList(0, 2, new int[] {8, 1, 3}, 3);
        int n = scratch.gatherRelinked(graph, 0, 8, 5, row -> row == 2 ? Graph.NONE : row == 8 ? 5 : row + 1);
        assertThat(Arrays.copyOf(scratch.ids, n)).containsExactly(2, 4);
        assertThat(scratch.kept).isOne();
    }

    @Test
    void aListWhoseRowsAllStayIsGatheredAsItIs() {
        graph.setList(0, 0, new int[] {3, 1}, 2);
        int n = scratch.gatherRelinked(graph, 0, 0, 0, row -> row);
        assertThat(Arrays.copyOf(scratch.ids, n)).containsExactly(3, 1);
        assertThat(scratch.kept).isEqualTo(scratch.degree);
    }

    @Test
    void theFirstRowIsGatheredAsAnyOther() {
        graph.setList(0, 8, new int[] {0, 2, 9}, 3);
        graph.setList(0, 2, new int[] {1, 3}, 2);
        graph.setList(0, 9, new int[] {2}, 1);
        int n = scratch.gatherRelinked(graph, 0, 8, 7, row -> row == 0 || row == 2 ? Graph.NONE : row - 1);
        assertThat(Arrays.copyOf(scratch.ids, n)).containsExactly(8, 0, 2);
        n = scratch.gatherRelinked(graph, 0, 8, 8, row -> row == 2 || row == 9 ? Graph.NONE : row);
        assertThat(Arrays.copyOf(scratch.ids, n)).containsExactly(0, 1, 3);
        assertThat(scratch.kept).isOne();
    }
}
