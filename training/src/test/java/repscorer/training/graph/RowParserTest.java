package repscorer.training.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import repscorer.core.entity.EntityKind;
import repscorer.training.plan.RelationPlan;
import repscorer.training.plan.RelationPlan.Column;
import repscorer.training.plan.RelationPlan.Layout;
import repscorer.training.plan.RelationPlan.Separator;

class RowParserTest {

    private final EntityIndex users = new EntityIndex(EntityKind.USER);
    private final EntityIndex topics = new EntityIndex(EntityKind.TOPIC);

    private EdgeRows rows(Layout layout, Separator separator, String type, Column... columns) {
        RelationPlan plan = new RelationPlan(
                "likes",
                List.of("f.tsv"),
                List.of(),
                List.of(),
                EntityKind.USER,
                EntityKind.TOPIC,
                1,
                List.of(columns),
                layout,
                separator,
                "#",
                "%",
                type,
                java.util.Optional.empty(),
                RelationPlan.Repeats.ONCE,
                false,
                false);
        return new EdgeRows(plan, users, topics);
    }

    /** Takes a row that lies inside a buffer. */
    private static boolean take(RowParser parser, String row) {
        byte[] bytes = ("\t" + row + "\t").getBytes(StandardCharsets.UTF_8);
        return parser.take(bytes, 1, bytes.length - 1);
    }

    @Test
    void fieldsAreTakenByWhatThePlanSaysTheyMean() {
        EdgeRows rows = rows(
                Layout.EDGE,
                Separator.WHITESPACE,
                "RT",
                Column.TIME,
                Column.TAIL,
                Column.TYPE,
                Column.IGNORE,
                Column.WEIGHT,
                Column.HEAD);
        RowParser parser = new RowParser(rows, false);
        assertThat(take(parser, "17  #nasa RT \t x 0.5 ada")).isTrue();
        assertThat(take(parser, "17 jazz FAV x 0.5 bob")).as("of another type").isFalse();
        Relation likes = rows.toRelations().getFirst();
        assertThat(likes.edges()).isEqualTo(1);
        assertThat(users.value(likes.heads()[0])).isEqualTo("ada");
        assertThat(topics.value(likes.tails()[0])).isEqualTo("nasa");
        assertThat(likes.weight(0)).isEqualTo(0.5f);
        assertThat(likes.time(0)).isEqualTo(17);
        assertThat(users.count()).isEqualTo(1);
    }

    @Test
    void aBadRowIsToldByItsRuleAndLeavesNoEntityBehind() {
        EdgeRows rows = rows(Layout.EDGE, Separator.TAB, "", Column.HEAD, Column.TAIL, Column.WEIGHT);
        RowParser parser = new RowParser(rows, false);
        assertBad(parser, "ada\tnasa", "expects 3 columns, got 2: 'ada\tnasa'");
        assertBad(parser, "ada\tnasa\tmuch", "a weight is a number: 'much'");
        assertBad(parser, "ada\tnasa\t-1", "a weight is positive and finite: '-1'");
        assertBad(parser, "ada\t\t1", "");
        assertThat(users.count() + topics.count() + rows.count()).isZero();
    }

    @Test
    void aHeadIsJoinedWithEveryTailOfItsRow() {
        EdgeRows rows = rows(Layout.ADJACENCY, Separator.SPACE, "", Column.HEAD, Column.TAIL);
        RowParser parser = new RowParser(rows, false);
        assertThat(take(parser, "ada nasa  jazz")).isTrue();
        assertThat(take(parser, "bob")).isTrue();
        assertThat(rows.count()).isEqualTo(2);
        assertThat(rows.toRelations().getFirst().tails()).containsExactly(0, 1);
    }

    @Test
    void relationsAreThoseOfTheTrainingRowsWhereTheseAreGiven() {
        EdgeRows training = rows(Layout.EDGE, Separator.TAB, "", Column.HEAD, Column.RELATION, Column.TAIL);
        take(new RowParser(training, false), "ada\thears\tjazz");
        EdgeRows test = training.sibling();
        RowParser parser = new RowParser(test, true);
        assertThat(take(parser, "bob\thears\tnasa")).isTrue();
        assertBad(parser, "bob\tplays\tjazz", "the relation has no training edge: 'plays'");
        assertThat(training.count()).isEqualTo(1);
        assertThat(test.count()).isEqualTo(1);
    }

    @Test
    void aCommentBeginsWithItsMark() {
        RowParser parser = new RowParser(rows(Layout.EDGE, Separator.TAB, "", Column.HEAD, Column.TAIL), false);
        byte[] row = "% from".getBytes(StandardCharsets.UTF_8);
        assertThat(parser.isComment(row, 0, row.length)).isTrue();
        assertThat(parser.isComment(row, 1, row.length)).isFalse();
        assertThat(parser.isComment(row, 0, 0)).isFalse();
    }

    private static void assertBad(RowParser parser, String row, String rule) {
        assertThatThrownBy(() -> take(parser, row))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(rule);
    }
}
