package repscorer.training.graph;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import repscorer.core.entity.EntityKind;
import repscorer.training.plan.RelationPlan;
import repscorer.training.plan.RelationPlan.Column;
import repscorer.training.plan.RelationPlan.Layout;
import repscorer.training.plan.RelationPlan.Separator;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.progress.TrainingProgress;

/**
 * Reads the edge files of a plan into a {@link Graph}. Files are read in the plan's order by one thread, so ordinals depend on
 * the data alone. A bad row is counted and left out whole; too many stop the reading.
 */
public final class EdgeReader {

    /*
     * Lines are cut out of one byte buffer and parsed where they lie: a row costs no object, a value becomes a string once,
     * when it is new. Some two million rows a second on one core, most of it decompression.
     */

    static final int LINE_BYTES_MAX = 1 << 16;
    static final int EXAMPLES_MAX = 5;
    private static final EntityKind RELATION = new EntityKind("relation");

    /** Below this many bad rows reading goes on to the end of the file before the share is judged. */
    static final int BAD_ROWS_JUDGED = 1000;

    private final TrainingPlan plan;
    private final Path directory;
    private final TrainingProgress progress;
    private final LinkedHashMap<EntityKind, EntityIndex> entities = new LinkedHashMap<>();
    private final ArrayList<BadRow> examples = new ArrayList<>();
    private long rows;
    private long badRows;

    private EdgeReader(TrainingPlan plan, Path directory, TrainingProgress progress) {
        this.plan = plan;
        this.directory = directory;
        this.progress = progress;
    }

    /**
     * Reads all relations of a plan.
     *
     * @param directory where the plan's files are
     * @throws DataException when a file is missing or broken, a relation has no edge, or the share of bad rows in a file
     *     exceeds the plan's
     */
    public static EdgeData read(TrainingPlan plan, Path directory, TrainingProgress progress) {
        return new EdgeReader(plan, directory, progress).readAll();
    }

    private EdgeData readAll() {
        for (RelationPlan relation : plan.relations()) {
            entities.computeIfAbsent(relation.head(), EntityIndex::new);
            entities.computeIfAbsent(relation.tail(), EntityIndex::new);
        }
        List<Rows> read = new ArrayList<>();
        for (RelationPlan relation : plan.relations()) {
            Rows into = new Rows(relation, index(relation.head()), index(relation.tail()), Optional.empty());
            readFiles(relation.files(), into);
            read.add(into);
        }
        List<Rows> valid = new ArrayList<>();
        List<Rows> test = new ArrayList<>();
        for (Rows training : read) {
            valid.add(readGiven(training.plan.valid(), training));
            test.add(readGiven(training.plan.test(), training));
        }
        // Only now are all entities known, which the relations' rows are sized by.
        List<Relation> relations = new ArrayList<>();
        for (Rows training : read) {
            for (Relation relation : training.toRelations()) {
                if (relations.stream().anyMatch(r -> r.name().equals(relation.name()))) {
                    throw new DataException("relation names must differ: '%s' twice, once in %s"
                            .formatted(relation.name(), training.plan.files()));
                }
                relations.add(relation);
            }
        }
        return new EdgeData(new Graph(entities, relations), byName(valid), byName(test), rows, badRows, examples);
    }

    private Rows readGiven(List<String> files, Rows training) {
        Rows into = new Rows(training.plan, training.headEntities, training.tailEntities, Optional.of(training));
        if (!files.isEmpty()) {
            readFiles(files, into);
        }
        return into;
    }

    private void readFiles(List<String> files, Rows into) {
        for (String file : files) {
            readFile(present(directory.resolve(file)), into);
        }
        if (into.count == 0) {
            throw new DataException("relation %s has no edge in %s".formatted(into.plan.name(), files));
        }
    }

    /** The file, or its twin with or without {@code .gz} where only that is there. */
    private static Path present(Path file) {
        String name = file.getFileName().toString();
        Path twin = file.resolveSibling(name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name + ".gz");
        return !Files.exists(file) && Files.exists(twin) ? twin : file;
    }

    private static Map<String, Relation> byName(List<Rows> read) {
        Map<String, Relation> relations = new TreeMap<>();
        for (Rows rows : read) {
            for (Relation relation : rows.toRelations()) {
                relations.put(relation.name(), relation);
            }
        }
        return relations;
    }

    private EntityIndex index(EntityKind kind) {
        return entities.computeIfAbsent(kind, EntityIndex::new);
    }

    private void readFile(Path file, Rows into) {
        String stage = "read " + into.plan.name();
        long rowsBefore = rows;
        long badBefore = badRows;
        long line = 0;
        try (InputStream in = open(file)) {
            long bytes = Files.size(file);
            byte[] buffer = new byte[1 << 18];
            int filled = 0;
            boolean ended = false;
            boolean skipping = false; // inside a line that was too long
            progress.report(stage, 0, bytes, "");
            while (!ended) {
                int n = in.read(buffer, filled, buffer.length - filled);
                ended = n < 0;
                filled += Math.max(n, 0);
                int from = 0;
                for (int i = 0; i < filled; i++) {
                    if (buffer[i] == '\n') {
                        line++;
                        if (!skipping) {
                            row(buffer, from, i, into, file, line);
                        }
                        skipping = false;
                        from = i + 1;
                    }
                }
                if (ended && from < filled && !skipping) {
                    row(buffer, from, filled, into, file, line + 1);
                } else if (!ended && filled - from > LINE_BYTES_MAX) {
                    if (!skipping) {
                        bad(file, line + 1, "a row has at most %d bytes".formatted(LINE_BYTES_MAX));
                        rows++;
                    }
                    skipping = true;
                    from = filled;
                }
                System.arraycopy(buffer, from, buffer, 0, filled - from);
                filled -= from;
                if (badRows - badBefore > BAD_ROWS_JUDGED) {
                    judge(file, rows - rowsBefore, badRows - badBefore);
                }
                progress.checkCancelled();
            }
            progress.report(stage, bytes, bytes, "%,d edges".formatted(into.count));
        } catch (NoSuchFileException e) {
            throw new DataException("the file does not exist: %s (relation %s)".formatted(file, into.plan.name()), e);
        } catch (IOException e) {
            throw new DataException(
                    "the file cannot be read: %s after line %d: %s".formatted(file, line, e.getMessage()), e);
        }
        judge(file, rows - rowsBefore, badRows - badBefore);
    }

    private static InputStream open(Path file) throws IOException {
        InputStream in = Files.newInputStream(file);
        if (!file.getFileName().toString().endsWith(".gz")) {
            return in;
        }
        try {
            return new GZIPInputStream(in, 1 << 16);
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private void judge(Path file, long fileRows, long fileBad) {
        if (fileBad > plan.badRowsMax() * fileRows) {
            BadRow first = examples.getLast();
            for (BadRow example : examples) {
                if (example.file().equals(file.getFileName().toString())) {
                    first = example;
                    break;
                }
            }
            throw new DataException("too many bad rows: %d of %d in %s, at most a share of %s; such as %s"
                    .formatted(fileBad, fileRows, file.getFileName(), plan.badRowsMax(), first));
        }
    }

    /** Takes the row in {@code buffer[from]} up to {@code buffer[to]}. */
    private void row(byte[] buffer, int from, int to, Rows into, Path file, long line) {
        int end = to > from && buffer[to - 1] == '\r' ? to - 1 : to;
        if (end == from || into.isComment(buffer, from, end)) {
            return;
        }
        rows++;
        if (end - from > LINE_BYTES_MAX) {
            bad(file, line, "a row has at most %d bytes".formatted(LINE_BYTES_MAX));
            return;
        }
        try {
            if (!into.take(buffer, from, end)) {
                rows--;
            }
        } catch (IllegalArgumentException e) {
            bad(file, line, e.getMessage() == null ? "cannot be read" : e.getMessage());
        }
    }

    private void bad(Path file, long line, String rule) {
        badRows++;
        String name = file.getFileName().toString();
        long sameFile = examples.stream().filter(e -> e.file().equals(name)).count();
        if (sameFile < EXAMPLES_MAX) {
            examples.add(new BadRow(name, line, rule));
        }
    }

    /** The rows of one relation so far, or of the several that one plan stands for. */
    private static final class Rows {
        final RelationPlan plan;
        final EntityIndex headEntities;
        final EntityIndex tailEntities;
        final EntityIndex relations;
        final boolean relationsGiven;
        final boolean several;
        final byte[] strip;
        final byte[] comment;
        final byte[] type;
        final boolean weighted;
        final boolean timed;
        final int[] starts;
        final int[] ends;
        int[] heads = new int[1 << 10];
        int[] tails = new int[1 << 10];
        int[] relationOf;
        float[] weights;
        long[] times;
        int count;

        /** @param training whose relations these rows must belong to; empty for the training rows themselves */
        Rows(RelationPlan plan, EntityIndex headEntities, EntityIndex tailEntities, Optional<Rows> training) {
            this.plan = plan;
            relations = training.map(t -> t.relations).orElseGet(() -> new EntityIndex(RELATION));
            relationsGiven = training.isPresent();
            several = plan.several();
            this.headEntities = headEntities;
            this.tailEntities = tailEntities;
            strip = plan.strip().getBytes(StandardCharsets.UTF_8);
            comment = plan.comment().getBytes(StandardCharsets.UTF_8);
            type = plan.type().getBytes(StandardCharsets.UTF_8);
            weighted = plan.columns().contains(Column.WEIGHT);
            timed = plan.columns().contains(Column.TIME);
            relationOf = new int[several ? heads.length : 0];
            weights = new float[weighted ? heads.length : 0];
            times = new long[timed ? heads.length : 0];
            starts = new int[plan.columns().size()];
            ends = new int[plan.columns().size()];
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
            split(buffer, from, to);
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
                        headFrom = starts[i];
                        headTo = ends[i];
                    }
                    case TAIL -> {
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
            add(head, relation, tail, weight, time);
            return true;
        }

        private int relation(byte[] buffer, int from, int to) {
            if (!relationsGiven) {
                return relations.intern(buffer, from, to);
            }
            int relation = relations.find(buffer, from, to);
            if (relation < 0) {
                throw new IllegalArgumentException(
                        "the relation has no training edge: '%s'".formatted(clip(text(buffer, from, to))));
            }
            return relation;
        }

        /** A head and its tails, each an edge; a head alone is no edge. The whole row is checked before any of it is taken. */
        private void takeAdjacency(byte[] buffer, int from, int to) {
            int headTo = fieldEnd(buffer, from, to);
            headEntities.checkValue(buffer, from, headTo);
            for (int i = headTo + 1; i < to; i = fieldEnd(buffer, i, to) + 1) {
                int end = fieldEnd(buffer, i, to);
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
            for (int i = headTo + 1; i < to; i = fieldEnd(buffer, i, to) + 1) {
                int end = fieldEnd(buffer, i, to);
                if (end > i) { // runs of separators stand between no tails
                    add(head, 0, tailEntities.intern(buffer, i, end), 1, 0);
                }
            }
        }

        private int fieldEnd(byte[] buffer, int from, int to) {
            int i = from;
            while (i < to && !separates(plan.separator(), buffer[i])) {
                i++;
            }
            return i;
        }

        private void add(int head, int relation, int tail, float weight, long time) {
            if (count == heads.length) {
                int larger = count * 2;
                heads = Arrays.copyOf(heads, larger);
                tails = Arrays.copyOf(tails, larger);
                relationOf = several ? Arrays.copyOf(relationOf, larger) : relationOf;
                weights = weighted ? Arrays.copyOf(weights, larger) : weights;
                times = timed ? Arrays.copyOf(times, larger) : times;
            }
            heads[count] = head;
            tails[count] = tail;
            if (several) {
                relationOf[count] = relation;
            }
            if (weighted) {
                weights[count] = weight;
            }
            if (timed) {
                times[count] = time;
            }
            count++;
        }

        private void split(byte[] buffer, int from, int to) {
            Separator separator = plan.separator();
            int expected = starts.length;
            int fields = 0;
            int i = from;
            while (true) {
                if (separator == Separator.WHITESPACE) {
                    while (i < to && (buffer[i] == ' ' || buffer[i] == '\t')) {
                        i++;
                    }
                    if (i == to) {
                        break;
                    }
                }
                int start = i;
                while (i < to && !separates(separator, buffer[i])) {
                    i++;
                }
                if (fields < expected) {
                    starts[fields] = start;
                    ends[fields] = i;
                }
                fields++;
                if (i == to) {
                    break;
                }
                i++;
            }
            if (fields != expected) {
                throw new IllegalArgumentException(
                        "expects %d columns, got %d: '%s'".formatted(expected, fields, clip(text(buffer, from, to))));
            }
        }

        private static boolean separates(Separator separator, byte b) {
            return switch (separator) {
                case TAB -> b == '\t';
                case SPACE -> b == ' ';
                case WHITESPACE -> b == ' ' || b == '\t';
            };
        }

        private static float weight(String text) {
            float weight;
            try {
                weight = Float.parseFloat(text);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("a weight is a number: '%s'".formatted(clip(text)), e);
            }
            if (!(weight > 0) || weight == Float.POSITIVE_INFINITY) {
                throw new IllegalArgumentException("a weight is positive and finite: '%s'".formatted(clip(text)));
            }
            return weight;
        }

        private static long time(byte[] buffer, int from, int to) {
            long time = 0;
            boolean good = to > from && to - from <= 18;
            for (int i = from; i < to && good; i++) {
                good = buffer[i] >= '0' && buffer[i] <= '9';
                time = time * 10 + (buffer[i] - '0');
            }
            if (!good) {
                throw new IllegalArgumentException(
                        "a time is whole seconds since 1970: '%s'".formatted(clip(text(buffer, from, to))));
            }
            return time;
        }

        private static boolean startsWith(byte[] buffer, int from, int to, byte[] prefix) {
            return to - from >= prefix.length
                    && Arrays.equals(buffer, from, from + prefix.length, prefix, 0, prefix.length);
        }

        private static String text(byte[] buffer, int from, int to) {
            return new String(buffer, from, to - from, StandardCharsets.UTF_8);
        }

        private static String clip(String text) {
            return text.length() <= 64 ? text : text.substring(0, 61) + "...";
        }

        /** Each relation that has an edge. */
        List<Relation> toRelations() {
            if (count == 0) {
                return List.of();
            }
            if (!several) {
                return List.of(toRelation(plan, heads, tails, weights, times, count));
            }
            List<Relation> all = new ArrayList<>();
            Csr byRelation = Csr.of(Arrays.copyOf(relationOf, count), Arrays.copyOf(heads, count), relations.count());
            for (int r = 0; r < byRelation.rows(); r++) {
                int size = byRelation.size(r);
                if (size > 0) {
                    int[] someHeads = new int[size];
                    int[] someTails = new int[size];
                    float[] someWeights = new float[weighted ? size : 0];
                    long[] someTimes = new long[timed ? size : 0];
                    for (int i = 0; i < size; i++) {
                        int edge = byRelation.edges()[byRelation.offsets()[r] + i];
                        someHeads[i] = heads[edge];
                        someTails[i] = tails[edge];
                        if (weighted) {
                            someWeights[i] = weights[edge];
                        }
                        if (timed) {
                            someTimes[i] = times[edge];
                        }
                    }
                    all.add(toRelation(
                            plan.named(relations.value(r)), someHeads, someTails, someWeights, someTimes, size));
                }
            }
            return all;
        }

        private Relation toRelation(
                RelationPlan named, int[] heads, int[] tails, float[] weights, long[] times, int size) {
            return Relation.of(
                    plan.name(),
                    named,
                    headEntities,
                    tailEntities,
                    Arrays.copyOf(heads, size),
                    Arrays.copyOf(tails, size),
                    weighted ? Arrays.copyOf(weights, size) : weights,
                    timed ? Arrays.copyOf(times, size) : times);
        }
    }
}
