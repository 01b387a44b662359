package repscorer.ann.hnsw;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import repscorer.testing.Seeds;
import repscorer.vector.Metric;
import repscorer.vector.VectorOps;

/** Rows of the lowest level alone that are linked one by one, near ones and then others further and further away, at M = 2. */
class SmallEditsTest {

    private static final int CAPACITY = 700;
    private static final int D = 5;

    private final RandomGenerator random = Seeds.fixed(1);
    private final MutableRows rows = MutableRows.empty(CAPACITY, D, Arena.ofAuto());
    private final Graph graph = Graph.empty(2, CAPACITY, 3, Arena.ofAuto());
    private final FloatScorer scorer = new FloatScorer(rows.view(), Metric.L2);
    private final GraphEditor editor =
            new GraphEditor(graph, LinkRule.by(scorer), 12, new BuildScratch(CAPACITY, D, 12, 2));

    private List<Integer> links(int row) {
        List<Integer> links = new ArrayList<>();
        for (int place = 0; place < graph.degree(0, row); place++) {
            links.add(graph.link(0, row, place));
        }
        return links;
    }

    private float distance(int row, int other) {
        return VectorOps.squaredL2(rows.view().row(row), rows.view().row(other));
    }

    @Test
    @DisplayName(
            "S13: a row that is linked is told whether a list leads to it, and a full list keeps its nearest in front")
    void aRowIsToldWhetherAListLeadsToIt() {
        TreeMap<Integer, List<Integer>> before = new TreeMap<>();
        int unlinked = 0;
        int overflown = 0;
        for (int row = 0; row < CAPACITY; row++) {
            if (graph.level(row) == 0) {
                float[] values = new float[D];
                for (int j = 0; j < D; j++) {
                    values[j] = (float) random.nextGaussian() * (row < CAPACITY / 3 ? 1 : row);
                }
                rows.set(row, values, VectorOps.norm(values));
                boolean linked = editor.link(row);
                int entry = before.isEmpty() ? row : before.firstKey();
                assertThat(graph.entry()).as("the first of the level").isEqualTo(entry);
                boolean led = row == entry;
                for (Map.Entry<Integer, List<Integer>> each : before.entrySet()) {
                    int owner = each.getKey();
                    List<Integer> was = each.getValue();
                    List<Integer> is = links(owner);
                    led |= is.contains(row);
                    if (was.size() == 4 && !is.equals(was)) {
                        overflown++;
                        List<Integer> all = new ArrayList<>(was);
                        all.add(row);
                        assertThat(all).containsAll(is);
                        assertThat(all).allMatch(to -> distance(owner, is.getFirst()) <= distance(owner, to));
                    } else if (was.size() < 4 && is.contains(row)) {
                        assertThat(is.subList(0, was.size())).isEqualTo(was);
                    }
                    each.setValue(is);
                }
                before.put(row, links(row));
                assertThat(linked).as("row %s", row).isEqualTo(led);
                unlinked += linked ? 0 : 1;
            }
        }
        assertThat(unlinked).isGreaterThan(3);
        assertThat(overflown).isGreaterThan(20);
    }
}
