package repscorer.ann.hnsw;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;

class ConnectivityTest {

    @Test
    @DisplayName("S13: a row that nothing leads to is not led to by itself, nor by others like it")
    void lostRowsAreLedToByOthers() {
        int lost = 2;
        int inner = 80; // each with four below it, and nearer to the lost rows than any leaf
        int count = lost + 4 * inner + 1;
        float[][] values = new float[count][];
        Graph graph = Graph.empty(2, count, 9, Arena.ofAuto());
        for (int row = 0; row < count; row++) {
            int at = row - lost;
            values[row] = new float[] {at < inner ? at / 100f : 1000 + at, 0};
            int first = lost + 4 * at + 1;
            graph.setList(0, row, new int[] {first, first + 1, first + 2, first + 3}, at >= 0 && at < inner ? 4 : 0);
        }
        graph.enter(lost);
        FloatScorer scorer = new FloatScorer(DenseRows.copyOf(values), Metric.L2);
        assertThat(Connectivity.repair(graph, scorer, new SearchScratch(count, 2, 2)))
                .isEqualTo(lost);
        assertThat(Connectivity.unreachable(graph)).isZero();
        assertThat(graph.link(0, lost + inner, 0)).as("the first leaf").isZero();
    }
}
