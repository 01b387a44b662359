package repscorer.ann.hnsw;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import repscorer.testing.Seeds;
import repscorer.testing.SyntheticVectors;
import repscorer.vector.Metric;
import repscorer.vector.VectorOps;

/** 600 rows of 8 values under L2, M = 6, linked one by one. */
class GraphEditorTest {

    private static final int ROWS = 600;
    private static final int DIMENSION = 8;
    private static final int M = 6;

    private final MutableRows rows = MutableRows.empty(ROWS, DIMENSION, Arena.ofAuto());
    private final Graph graph = Graph.empty(M, ROWS, 7, Arena.ofAuto());
    private final GraphEditor editor = new GraphEditor(
            graph, LinkRule.by(new FloatScorer(rows.view(), Metric.L2)), 40, new BuildScratch(ROWS, DIMENSION, 40, M));

    @BeforeEach
    void link() {
        float[][] values = SyntheticVectors.gaussian(Seeds.random("GraphEditorTest"), ROWS, DIMENSION);
        for (int row = 0; row < ROWS; row++) {
            rows.set(row, values[row], VectorOps.norm(values[row]));
            boolean linked = editor.link(row);
            rows.show(row + 1);
            assertThat(linked).as("something leads to row %s", row).isEqualTo(row == graph.entry() || leadsTo(row));
        }
    }

    private boolean leadsTo(int row) {
        for (int from = 0; from < ROWS; from++) {
            if (graph.holds(from) && links(from, 0).contains(row)) {
                return true;
            }
        }
        return false;
    }

    private List<Integer> links(int row, int level) {
        List<Integer> links = new ArrayList<>();
        for (int place = 0; place < graph.degree(level, row); place++) {
            links.add(graph.link(level, row, place));
        }
        return links;
    }

    @Test
    void listsHoldDistinctOthersOfTheirLevelAndTheEntryIsOfTheHighest() {
        for (int row = 0; row < ROWS; row++) {
            for (int level = 0; level <= graph.level(row); level++) {
                int here = level;
                assertThat(links(row, level))
                        .doesNotContain(row)
                        .doesNotHaveDuplicates()
                        .allMatch(to -> graph.level(to) >= here);
            }
            assertThat(graph.level(row)).isLessThanOrEqualTo(Graph.top(graph.start()));
        }
    }

    @Test
    void mostNearestAreFoundByAWalk() {
        FloatScorer scorer = new FloatScorer(rows.view(), Metric.L2);
        SearchScratch scratch = new SearchScratch(ROWS, DIMENSION, M);
        int hits = 0;
        for (float[] query : SyntheticVectors.gaussian(Seeds.random("GraphEditorTest"), 100, DIMENSION)) {
            int best = 0;
            for (int row = 1; row < ROWS; row++) {
                best = VectorOps.squaredL2(query, rows.view().row(row))
                                < VectorOps.squaredL2(query, rows.view().row(best))
                        ? row
                        : best;
            }
            query[0] += 0.01f; // else it is a row itself, for the seed is the same
            scorer.prepare(scratch.query, query, VectorOps.norm(query));
            int start = BeamSearch.descend(graph, scorer, scratch, 0);
            BeamSearch.search(graph, scorer, scratch, 0, start, 12);
            hits += scratch.candidates.ordinal(0) == best ? 1 : 0;
        }
        assertThat(hits).isGreaterThan(85);
    }
}
