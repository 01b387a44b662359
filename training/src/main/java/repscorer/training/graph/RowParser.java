package repscorer.training.graph;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import repscorer.text.Numbers;
import repscorer.training.plan.RelationPlan;
import repscorer.training.plan.RelationPlan.Layout;

/** Cuts lines into the fields that a plan tells of, where they lie, and adds the edges they hold to {@link EdgeRows}. */
final class RowParser {

    /** In the year 5138; as milliseconds in 1973, so that younger times in milliseconds are beyond. */
    private static final long TIME_MAX = 100_000_000_000L;

    /** Beyond, squares of gradients leave the range of a float. */
    private static final float WEIGHT_MAX = 1e12f;

    private final RelationPlan plan;
    private final EdgeRows rows;
    private final EntityIndex headEntities;
    private final EntityIndex tailEntities;
    private final boolean relationsKnown;
    private final boolean several;
    private final byte[] strip;
    private final boolean brackets;
    private final byte[] comment;
    private final byte[] type;
    private final RowFields fields;
    private final int[] starts;
    private final int[] ends;

    /** @param relationsKnown whether a row of a relation that has none yet is bad */
    RowParser(EdgeRows rows, boolean relationsKnown) {
        this.rows = rows;
        this.relationsKnown = relationsKnown;
        plan = rows.plan;
        headEntities = rows.headEntities;
        tailEntities = rows.tailEntities;
        several = plan.several();
        strip = plan.strip().getBytes(StandardCharsets.UTF_8);
        brackets = plan.strip().equals(RelationPlan.BRACKETS);
        comment = plan.comment().getBytes(StandardCharsets.UTF_8);
        type = plan.type().getBytes(StandardCharsets.UTF_8);
        fields = new RowFields(plan);
        starts = fields.starts;
        ends = fields.ends;
    }

    boolean isComment(byte[] buffer, int from, int to) {
        return comment.length > 0 && startsWith(buffer, from, to, comment);
    }

    /**
     * Takes a row.
     *
     * @return false for a row of another type
     * @throws IllegalArgumentException with the rule that the row breaks
     */
    boolean take(byte[] buffer, int from, int to) {
        if (plan.layout() == Layout.ADJACENCY) {
            takeAdjacency(buffer, from, to);
            return true;
        }
        fields.split(buffer, from, to);
        int relationFrom = 0;
        int relationTo = 0;
        int headFrom = 0;
        int headTo = 0;
        int tailFrom = 0;
        int tailTo = 0;
        float weight = 1;
        long time = 0;
        for (int i = 0; i < starts.length; i++) {
            switch (plan.columns().get(i)) {
                case HEAD -> {
                    unwrap(buffer, i);
                    headFrom = starts[i];
                    headTo = ends[i];
                }
                case TAIL -> {
                    unwrap(buffer, i);
                    tailFrom = starts[i];
                    tailTo = ends[i];
                    if (strip.length > 0 && startsWith(buffer, tailFrom, tailTo, strip)) {
                        tailFrom += strip.length;
                    }
                }
                case WEIGHT -> weight = weight(text(buffer, starts[i], ends[i]));
                case TIME -> time = time(buffer, starts[i], ends[i]);
                case TYPE -> {
                    if (!Arrays.equals(buffer, starts[i], ends[i], type, 0, type.length)) {
                        return false;
                    }
                }
                case RELATION -> {
                    unwrap(buffer, i);
                    relationFrom = starts[i];
                    relationTo = ends[i];
                }
                case IGNORE -> {}
            }
        }
        // A fact may join an entity with itself.
        if (!several
                && headEntities == tailEntities
                && Arrays.equals(buffer, headFrom, headTo, buffer, tailFrom, tailTo)) {
            throw new IllegalArgumentException(
                    "head and tail must differ: '%s'".formatted(text(buffer, headFrom, headTo)));
        }
        // Both must be good before either is interned, else a bad row would leave an entity behind.
        if (headEntities.find(buffer, headFrom, headTo) < 0) {
            headEntities.checkValue(buffer, headFrom, headTo);
        }
        if (tailEntities.find(buffer, tailFrom, tailTo) < 0) {
            tailEntities.checkValue(buffer, tailFrom, tailTo);
        }
        int relation = several ? relation(buffer, relationFrom, relationTo) : 0;
        int tail = tailEntities.intern(buffer, tailFrom, tailTo);
        int head = headEntities.intern(buffer, headFrom, headTo);
        rows.add(head, relation, tail, weight, time);
        return true;
    }

    /** Takes the brackets of a field off where the plan says so. */
    private void unwrap(byte[] buffer, int field) {
        int last = ends[field] - 1;
        if (brackets && last > starts[field] && buffer[starts[field]] == '<' && buffer[last] == '>') {
            starts[field]++;
            ends[field] = last;
        }
    }

    private int relation(byte[] buffer, int from, int to) {
        if (!relationsKnown) {
            return rows.relations.intern(buffer, from, to);
        }
        int relation = rows.relations.find(buffer, from, to);
        if (relation < 0) {
            throw new IllegalArgumentException(
                    "the relation has no training edge: '%s'".formatted(clip(text(buffer, from, to))));
        }
        return relation;
    }

    /** A head and its tails, each an edge; a head alone is no edge. The whole row is checked before any of it is taken. */
    private void takeAdjacency(byte[] buffer, int from, int to) {
        int headTo = fields.end(buffer, from, to);
        headEntities.checkValue(buffer, from, headTo);
        for (int i = headTo + fields.width; i < to; i = fields.end(buffer, i, to) + fields.width) {
            int end = fields.end(buffer, i, to);
            if (end > i) {
                if (tailEntities.find(buffer, i, end) < 0) {
                    tailEntities.checkValue(buffer, i, end);
                }
                if (headEntities == tailEntities && Arrays.equals(buffer, from, headTo, buffer, i, end)) {
                    throw new IllegalArgumentException(
                            "head and tail must differ: '%s'".formatted(text(buffer, i, end)));
                }
            }
        }
        int head = headEntities.intern(buffer, from, headTo);
        for (int i = headTo + fields.width; i < to; i = fields.end(buffer, i, to) + fields.width) {
            int end = fields.end(buffer, i, to);
            if (end > i) { // runs of separators stand between no tails
                rows.add(head, 0, tailEntities.intern(buffer, i, end), 1, 0);
            }
        }
    }

    /** The head and the tail of a row as they stand there; empty where it has not as many columns as the plan. */
    List<String> ends(byte[] buffer, int from, int to) {
        if (plan.layout() == Layout.ADJACENCY) {
            return List.of();
        }
        byte[] row = Arrays.copyOfRange(buffer, from, to); // splitting takes quotes out of it
        try {
            fields.split(row, 0, row.length);
        } catch (IllegalArgumentException e) {
            return List.of();
        }
        int head = plan.columns().indexOf(RelationPlan.Column.HEAD);
        int tail = plan.columns().indexOf(RelationPlan.Column.TAIL);
        return List.of(text(row, starts[head], ends[head]), text(row, starts[tail], ends[tail]));
    }

    private static float weight(String text) {
        float weight;
        try {
            weight = Numbers.float32(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("a weight is a number: '%s'".formatted(clip(text)), e);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("a weight is at most 1e12: '%s'".formatted(clip(text)), e);
        }
        if (!(weight > 0) || weight == Float.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("a weight is positive and finite: '%s'".formatted(clip(text)));
        }
        if (weight > WEIGHT_MAX) {
            throw new IllegalArgumentException("a weight is at most 1e12: '%s'".formatted(clip(text)));
        }
        return weight;
    }

    private static long time(byte[] buffer, int from, int to) {
        long time = 0;
        boolean digits = to > from && to - from <= 18;
        for (int i = from; i < to && digits; i++) {
            digits = buffer[i] >= '0' && buffer[i] <= '9';
            time = time * 10 + (buffer[i] - '0');
        }
        if (!digits) {
            time = Times.seconds(text(buffer, from, to));
        }
        if (time > TIME_MAX) {
            throw new IllegalArgumentException(
                    "a time is seconds since 1970, and this one looks like milliseconds or less: '%s'"
                            .formatted(clip(text(buffer, from, to))));
        }
        return time;
    }

    private static boolean startsWith(byte[] buffer, int from, int to, byte[] prefix) {
        return to - from >= prefix.length
                && Arrays.equals(buffer, from, from + prefix.length, prefix, 0, prefix.length);
    }

    static String text(byte[] buffer, int from, int to) {
        return new String(buffer, from, to - from, StandardCharsets.UTF_8);
    }

    static String clip(String text) {
        return text.length() <= 64 ? text : text.substring(0, 61) + "...";
    }
}
