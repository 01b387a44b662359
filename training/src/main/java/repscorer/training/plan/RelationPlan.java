package repscorer.training.plan;

import java.util.HashSet;
import java.util.List;
import repscorer.core.embedding.Space;
import repscorer.core.entity.EntityKind;

/**
 * One typed relation and the files its edges are read from.
 *
 * @param name such as {@code follow}; its vector's id becomes {@code relation:follow}
 * @param files relative to the data directory; a name that ends in {@code .gz} is decompressed
 * @param head kind of the entity on the left, the one that acts
 * @param tail kind of the entity on the right
 * @param weight how much an edge of the relation counts in training, next to edges of others
 * @param columns what the columns of a row mean, from the left
 * @param strip prefix taken off the values of tails where present, such as {@code #}
 * @param comment rows that begin with it are no data; empty for none. Hashtags begin with {@code #}, so there is no default
 * @param type the value of the {@code type} column of rows that belong to the relation; other rows are left out
 * @param history whether the release gets a space {@code history-<name>}: what each head is joined with
 */
public record RelationPlan(
        String name,
        List<String> files,
        EntityKind head,
        EntityKind tail,
        double weight,
        List<Column> columns,
        Separator separator,
        String strip,
        String comment,
        String type,
        boolean history) {

    /** What a column holds. */
    public enum Column {
        HEAD,
        TAIL,
        /** A positive number. */
        WEIGHT,
        /** Seconds since 1970. */
        TIME,
        /** A word by which rows of several relations in one file are told apart. */
        TYPE,
        IGNORE
    }

    /** What stands between columns. */
    public enum Separator {
        TAB,
        SPACE,
        /** Any run of spaces and tabs. */
        WHITESPACE
    }

    /** Two columns, head and tail, separated by a tab. */
    public static final Defaults DEFAULT =
            new Defaults(1.0, List.of(Column.HEAD, Column.TAIL), Separator.TAB, "", "", "", false);

    /** The values of keys that a file leaves out. */
    public record Defaults(
            double weight,
            List<Column> columns,
            Separator separator,
            String strip,
            String comment,
            String type,
            boolean history) {}

    public RelationPlan {
        Space.checkName("relation", name);
        files = List.copyOf(files);
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
    }

    /** A relation read from one file of heads and tails. */
    public static RelationPlan of(String name, EntityKind head, EntityKind tail, String file) {
        return new RelationPlan(
                name,
                List.of(file),
                head,
                tail,
                DEFAULT.weight,
                DEFAULT.columns,
                DEFAULT.separator,
                DEFAULT.strip,
                DEFAULT.comment,
                DEFAULT.type,
                DEFAULT.history);
    }
}
