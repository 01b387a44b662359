package repscorer.training.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import repscorer.core.entity.EntityKind;
import repscorer.training.plan.RelationPlan;
import repscorer.training.plan.RelationPlan.Column;
import repscorer.training.plan.RelationPlan.Layout;
import repscorer.training.plan.RelationPlan.Separator;

class EdgeRowsTest {

    private static final int ENTITIES = 50;

    @Test
    void edgesBeyondTheFirstArraysAreKeptAndPartedByRelation() {
        EntityIndex entities = new EntityIndex(EntityKind.USER);
        for (int i = 0; i < ENTITIES; i++) {
            byte[] value = Integer.toString(i).getBytes(java.nio.charset.StandardCharsets.UTF_8);
            entities.intern(value, 0, value.length);
        }
        EdgeRows rows = new EdgeRows(
                new RelationPlan(
                        "fact",
                        List.of("f.tsv"),
                        List.of(),
                        List.of(),
                        EntityKind.USER,
                        EntityKind.USER,
                        1,
                        List.of(Column.HEAD, Column.RELATION, Column.TAIL, Column.WEIGHT),
                        Layout.EDGE,
                        Separator.TAB,
                        "",
                        "",
                        "",
                        java.util.Optional.empty(),
                        RelationPlan.Repeats.ONCE,
                        false,
                        false),
                entities,
                entities);
        for (String name : List.of("even", "odd", "none")) {
            rows.relations.intern(name.getBytes(java.nio.charset.StandardCharsets.UTF_8), 0, name.length());
        }
        int edges = ENTITIES * ENTITIES; // past the first arrays, and past the second
        for (int i = 0; i < edges; i++) {
            rows.add(i / ENTITIES, (i / ENTITIES) % 2, i % ENTITIES, 1 + i, 0);
        }
        assertThat(rows.count()).isEqualTo(edges);
        List<Relation> relations = rows.toRelations();
        assertThat(relations).as("those that have an edge").hasSize(2);
        Relation odd = relations.get(1);
        assertThat(odd.edges()).isEqualTo(edges / 2);
        for (int e = 0; e < odd.edges(); e++) {
            assertThat(odd.heads()[e] % 2).isEqualTo(1);
            assertThat(odd.weight(e)).isEqualTo(1 + odd.heads()[e] * ENTITIES + odd.tails()[e]);
        }
        assertThat(rows.sibling().toRelations()).isEmpty();
    }
}
