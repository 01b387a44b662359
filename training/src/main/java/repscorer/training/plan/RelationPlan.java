package repscorer.training.plan;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import repscorer.core.embedding.Space;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;

/**
 * One typed relation and the files its edges are read from.
 *
 * @param name such as {@code follow}; its vector's id becomes {@code relation:follow}
 * @param files of the edges to learn from, relative to the data directory; a directory stands for the files in it, and {@code *}
 *     and {@code ?} for what they match, in the order of their names; gzip and zstd are unpacked, and where only the file with
 *     or only the one without {@code .gz} is there, it is taken
 * @param valid files of given edges that choose between models and end training early; none where the plan says how many
 * @param test files of given edges that judge the release; never learnt from
 * @param head kind of the entity on the left, the one that acts
 * @param tail kind of the entity on the right
 * @param weight how much an edge of the relation counts in training, next to edges of others
 * @param columns what the columns of a row mean, from the left; with a column {@code relation} each of its values is a
 *     relation of its own, and this plan stands for all of them
 * @param layout whether a row holds one edge or a head and all its tails
 * @param strip prefix taken off the values of tails where present, such as {@code #}; {@value #BRACKETS} for the brackets of
 *     N-Triples around heads, relations and tails
 * @param comment rows that begin with it are no data; empty for none. Hashtags begin with {@code #}, so there is no default
 * @param type the value of the {@code type} column of rows that belong to the relation; other rows are left out
 * @param header whether a file's first row names its columns; where absent, a file that looks so is refused
 * @param repeats what rows of one pair count together where they have no weights, which are added up otherwise
 * @param undirected whether {@code a b} and {@code b a} are one edge, so that both judge or neither does
 * @param history whether the release gets a space {@code history-<name>}: what each head is joined with
 */
public record RelationPlan(
        String name,
        List<String> files,
        List<String> valid,
        List<String> test,
        EntityKind head,
        EntityKind tail,
        double weight,
        List<Column> columns,
        Layout layout,
        Separator separator,
        String strip,
        String comment,
        String type,
        Optional<Boolean> header,
        Repeats repeats,
        boolean undirected,
        boolean history) {

    public static final String BRACKETS = "<>";

    private static final EntityKind RELATION = new EntityKind("relation");

    /** What a column holds. */
    public enum Column {
        HEAD,
        TAIL,
        /** A positive number. */
        WEIGHT,
        /** The name of the edge's relation. */
        RELATION,
        /** Seconds since 1970, or as ISO 8601 writes it, in UTC where it names no zone. */
        TIME,
        /** A word by which rows of several relations in one file are told apart. */
        TYPE,
        IGNORE
    }

    /** What a row holds. */
    public enum Layout {
        /** One edge. */
        EDGE,
        /** A head and all its tails, as many as there are. */
        ADJACENCY
    }

    /** What stands between columns. */
    public enum Separator {
        TAB,
        SPACE,
        /** Any run of spaces and tabs. */
        WHITESPACE,
        /** Fields may stand in quotes, which are doubled inside, and in blanks. */
        COMMA,
        /** As commas. */
        SEMICOLON,
        /** {@code ::} */
        DOUBLE_COLON
    }

    /** What equal rows count. */
    public enum Repeats {
        /** One edge of weight 1. */
        ONCE,
        /** One edge that weighs as many as there are. */
        SUM
    }

    /** Two columns, head and tail, separated by a tab. */
    public static final Defaults DEFAULT = new Defaults(
            List.of(),
            List.of(),
            1.0,
            List.of(Column.HEAD, Column.TAIL),
            Layout.EDGE,
            Separator.TAB,
            "",
            "",
            "",
            Repeats.ONCE,
            false,
            false);

    /** The values of keys that a file leaves out. */
    public record Defaults(
            List<String> valid,
            List<String> test,
            double weight,
            List<Column> columns,
            Layout layout,
            Separator separator,
            String strip,
            String comment,
            String type,
            Repeats repeats,
            boolean undirected,
            boolean history) {}

    public RelationPlan {
        if (history) {
            Space.checkName("relation", name); // a space is called after it
        } else {
            EntityId.of(RELATION, name);
        }
        files = List.copyOf(files);
        valid = List.copyOf(valid);
        test = List.copyOf(test);
        columns = List.copyOf(columns);
        Rules.check(!files.isEmpty(), "files must name at least one file: relation %s", name);
        Rules.check(
                weight > 0 && weight <= 1000,
                "weight must be above 0 and at most 1000: %s (relation %s)",
                weight,
                name);
        Rules.check(
                new HashSet<>(columns).containsAll(List.of(Column.HEAD, Column.TAIL)),
                "columns must hold head and tail: %s (relation %s)",
                columns,
                name);
        for (Column column : columns) {
            Rules.check(
                    column == Column.IGNORE || columns.indexOf(column) == columns.lastIndexOf(column),
                    "columns must not repeat: %s (relation %s)",
                    column,
                    name);
        }
        Rules.check(
                columns.contains(Column.TYPE) != type.isEmpty(),
                "type and a column of that name go together: relation %s",
                name);
        Rules.check(
                layout == Layout.EDGE || columns.equals(List.of(Column.HEAD, Column.TAIL)),
                "layout adjacency has the columns head and tail: %s (relation %s)",
                columns,
                name);
        Rules.check(
                layout == Layout.EDGE || !header.orElse(false), "layout adjacency has no header: relation %s", name);
        Rules.check(
                repeats == Repeats.ONCE || !columns.contains(Column.WEIGHT),
                "repeats go without a column weight, whose values are added up: relation %s",
                name);
        Rules.check(
                !undirected || head.equals(tail),
                "an undirected relation joins one kind: %s and %s (relation %s)",
                head,
                tail,
                name);
        Rules.check(
                !(history && columns.contains(Column.RELATION)),
                "history goes with one relation, not with a column of them: relation %s",
                name);
    }

    /** Whether the data name the relations that this plan stands for. */
    public boolean several() {
        return columns.contains(Column.RELATION);
    }

    /** The plan of one of several relations, as the data name it. */
    public RelationPlan named(String relation) {
        return new RelationPlan(
                relation,
                files,
                valid,
                test,
                head,
                tail,
                weight,
                columns,
                layout,
                separator,
                strip,
                comment,
                type,
                header,
                repeats,
                undirected,
                history);
    }

    /** A relation read from one file of heads and tails. */
    public static RelationPlan of(String name, EntityKind head, EntityKind tail, String file) {
        return new RelationPlan(
                name,
                List.of(file),
                DEFAULT.valid,
                DEFAULT.test,
                head,
                tail,
                DEFAULT.weight,
                DEFAULT.columns,
                DEFAULT.layout,
                DEFAULT.separator,
                DEFAULT.strip,
                DEFAULT.comment,
                DEFAULT.type,
                Optional.empty(),
                DEFAULT.repeats,
                DEFAULT.undirected,
                DEFAULT.history);
    }
}
