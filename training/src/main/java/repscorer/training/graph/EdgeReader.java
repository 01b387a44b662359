package repscorer.training.graph;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import repscorer.core.entity.EntityKind;
import repscorer.text.NoTextException;
import repscorer.text.TextFile;
import repscorer.training.plan.RelationPlan;
import repscorer.training.plan.RelationPlan.Column;
import repscorer.training.plan.RelationPlan.Repeats;
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

    /** Below this many bad rows reading goes on to the end of the file before the share is judged. */
    static final int BAD_ROWS_JUDGED = 1000;

    private final TrainingPlan plan;
    private final Path directory;
    private final TrainingProgress progress;
    private final LinkedHashMap<EntityKind, EntityIndex> entities = new LinkedHashMap<>();
    private final ArrayList<BadRow> examples = new ArrayList<>();
    private final ArrayList<String> notes = new ArrayList<>();
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
        List<EdgeRows> read = new ArrayList<>();
        for (RelationPlan relation : plan.relations()) {
            EdgeRows into = new EdgeRows(relation, index(relation.head()), index(relation.tail()));
            readFiles(relation.files(), into, false);
            read.add(into);
        }
        List<EdgeRows> valid = new ArrayList<>();
        List<EdgeRows> test = new ArrayList<>();
        for (EdgeRows training : read) {
            valid.add(readGiven(training.plan.valid(), training));
            test.add(readGiven(training.plan.test(), training));
        }
        // Only now are all entities known, which the relations' rows are sized by.
        List<Relation> relations = new ArrayList<>();
        List<EdgeRows> early = new ArrayList<>();
        List<EdgeRows> late = new ArrayList<>();
        for (EdgeRows rows : read) {
            // Cut before rows of one pair are merged, else what came later would take the earlier ones along.
            early.add(
                    plan.holdOutFrom().isPresent()
                            ? rows.part(plan.holdOutFrom().get().getEpochSecond(), true)
                            : rows);
            plan.holdOutFrom().ifPresent(from -> late.add(rows.part(from.getEpochSecond(), false)));
        }
        for (EdgeRows training : early) {
            int edges = 0;
            for (Relation relation : training.toRelations()) {
                edges += relation.edges();
                if (relations.stream().anyMatch(r -> r.name().equals(relation.name()))) {
                    throw new DataException("relation names must differ: '%s' twice, once in %s"
                            .formatted(relation.name(), training.plan.files()));
                }
                relations.add(relation);
            }
            noteRepeats(training, edges);
        }
        return new EdgeData(
                new Graph(entities, relations),
                byName(late),
                byName(valid),
                byName(test),
                rows,
                badRows,
                examples,
                notes);
    }

    /** Counts that rows without weights carry are not to be lost in silence. */
    private void noteRepeats(EdgeRows training, int edges) {
        boolean added = training.plan.columns().contains(Column.WEIGHT) || training.plan.repeats() == Repeats.SUM;
        if (!added && edges < training.count()) {
            notes.add(String.format(
                    Locale.ROOT,
                    "%,d of %,d rows of %s repeat a pair and count once with it; repeats: sum adds them up",
                    training.count() - edges,
                    training.count(),
                    training.plan.name()));
        }
    }

    private EdgeRows readGiven(List<String> files, EdgeRows training) {
        EdgeRows into = training.sibling();
        if (!files.isEmpty()) {
            readFiles(files, into, true);
        }
        return into;
    }

    private void readFiles(List<String> files, EdgeRows into, boolean relationsKnown) {
        RowParser parser = new RowParser(into, relationsKnown);
        for (String file : files) {
            for (Path each : EdgeFiles.of(directory, file, into.plan)) {
                readFile(each, into, parser);
            }
        }
        if (into.count() == 0) {
            throw new DataException("relation %s has no edge in %s".formatted(into.plan.name(), files));
        }
    }

    private static Map<String, Relation> byName(List<EdgeRows> read) {
        Map<String, Relation> relations = new TreeMap<>();
        for (EdgeRows rows : read) {
            for (Relation relation : rows.toRelations()) {
                relations.put(relation.name(), relation);
            }
        }
        return relations;
    }

    private EntityIndex index(EntityKind kind) {
        return entities.computeIfAbsent(kind, EntityIndex::new);
    }

    private void readFile(Path file, EdgeRows into, RowParser parser) {
        String stage = "read " + into.plan.name();
        long rowsBefore = rows;
        long badBefore = badRows;
        long line = 0;
        FirstRows first = new FirstRows(into.plan, parser, file);
        try (InputStream in = TextFile.open(file)) {
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
                            row(buffer, from, i, parser, first, file, line);
                        }
                        skipping = false;
                        from = i + 1;
                    }
                }
                if (ended && from < filled && !skipping) {
                    row(buffer, from, filled, parser, first, file, line + 1);
                } else if (!ended && filled - from > LINE_BYTES_MAX) {
                    if (!skipping) {
                        bad(file, line + 1, "a row has at most %s bytes".formatted(LINE_BYTES_MAX));
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
            progress.report(stage, bytes, bytes, String.format(Locale.ROOT, "%,d edges", into.count()));
        } catch (NoSuchFileException e) {
            throw new DataException("the file does not exist: %s (relation %s)".formatted(file, into.plan.name()), e);
        } catch (NoTextException e) {
            throw new DataException(
                    "the file is no text of edges: %s: %s (relation %s)"
                            .formatted(file, e.getMessage(), into.plan.name()),
                    e);
        } catch (IOException e) {
            throw new DataException(
                    "the file cannot be read: %s after line %s: %s".formatted(file, line, e.getMessage()), e);
        }
        judge(file, rows - rowsBefore, badRows - badBefore);
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
            throw new DataException("too many bad rows: %s of %s in %s, at most a share of %s; such as %s"
                    .formatted(fileBad, fileRows, file.getFileName(), plan.badRowsMax(), first));
        }
    }

    /** Takes the row in {@code buffer[from]} up to {@code buffer[to]}. */
    private void row(byte[] buffer, int from, int to, RowParser parser, FirstRows first, Path file, long line) {
        int end = to > from && buffer[to - 1] == '\r' ? to - 1 : to;
        if (end == from || parser.isComment(buffer, from, end)) {
            return;
        }
        if (first.header(buffer, from, end)) {
            return;
        }
        rows++;
        if (end - from > LINE_BYTES_MAX) {
            bad(file, line, "a row has at most %s bytes".formatted(LINE_BYTES_MAX));
            return;
        }
        try {
            if (!parser.take(buffer, from, end)) {
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
}
