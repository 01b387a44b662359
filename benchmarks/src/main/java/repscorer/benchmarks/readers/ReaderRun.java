package repscorer.benchmarks.readers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.ZeroVectors;
import repscorer.core.entity.EntityKind;
import repscorer.imports.BadRowsException;
import repscorer.imports.ImportFormat;
import repscorer.imports.ImportInput;
import repscorer.imports.ImportTarget;
import repscorer.imports.Importer;
import repscorer.imports.UnreadableRowsException;
import repscorer.training.graph.DataException;
import repscorer.training.graph.EdgeData;
import repscorer.training.graph.EdgeReader;
import repscorer.training.graph.Relation;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.YamlFiles;
import repscorer.training.progress.TrainingProgress;

/**
 * One file per seed: a good one, damaged, handed to the reader of its format, and compared with what {@link TextOracle},
 * {@link MatrixOracle} or {@link EdgeOracle} say that the damaged bytes hold.
 *
 * <p>A digit that became another one is a value that stands there, and no reader can tell; so a value is one that was never written when
 * the oracle does not find it in the damaged bytes. Packed files are held to more: what is read of them stood in the file before it was
 * packed. Every row that the oracle counts must be imported or counted as bad. What may differ: a first line that is no good row may be
 * taken for the names of columns, and so not be counted, or tell other columns, which then must be said; and a row near the limit of 4 MiB may end the import.
 */
public final class ReaderRun {

    private static final int FILE_ROWS = 5;
    private static final EntityKind ITEM = new EntityKind("item");
    private static final String SPACE = "items";
    private static final Pattern COUNTED = Pattern.compile("there is no good row \\((\\d+) bad ones, 0 zero vectors.*");
    private static final ImportTarget TARGET = new ImportTarget(
            SPACE,
            "other",
            ITEM,
            false,
            EmbeddingFile.Form.DENSE,
            OptionalInt.of(Expected.DIMENSION),
            0,
            ZeroVectors.KEEP,
            Optional.empty());
    private static final TrainingPlan PLAN = YamlFiles.parse(Path.of("readers.yaml"), """
            name: readers
            bad-rows-max: 1.0
            twhin: {}
            relations:
              - {name: follow, files: [f.tsv], head: user, tail: user, columns: [head, tail, weight, time], header: false}
            """, TrainingPlan.class);
    private static final List<String> FORMATS =
            List.of("csv", "tsv", "jsonl", "npy", "fvecs", "ivecs", "bvecs", "csv.gz", "jsonl.gz", "edges", "edges.gz");

    private final SplittableRandom random;
    private final Path directory;
    private final String format;
    private final Mutation mutation;

    private ReaderRun(long seed, Path directory) {
        this.random = new SplittableRandom(seed);
        this.directory = directory;
        this.format = FORMATS.get(random.nextInt(FORMATS.size()));
        this.mutation = new Mutation(random);
    }

    /**
     * Runs one seed.
     *
     * @param directory for its files, which are gone afterwards
     * @return what went wrong
     */
    public static Optional<String> run(long seed, Path directory) throws IOException {
        ReaderRun run = new ReaderRun(seed, directory);
        Optional<String> wrong;
        try {
            wrong = run.run();
        } catch (RuntimeException e) {
            wrong = Optional.of("threw " + e + " at "
                    + Stream.of(e.getStackTrace()).limit(3).toList());
        }
        return wrong.map(what -> "seed %s, %s: %s".formatted(seed, run.format, what));
    }

    /**
     * Runs seeds in a process of their own, with 96 MiB of heap.
     *
     * @return a line for each that went wrong
     */
    public static List<String> child(Path directory, long from, long to) throws IOException, InterruptedException {
        Process child = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "--add-modules",
                        "jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx96m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ReadersChild.class.getName(),
                        directory.toString(),
                        Long.toString(from),
                        Long.toString(to))
                .redirectError(directory.resolve("errors").toFile())
                .start();
        List<String> lines = new ArrayList<>(child.inputReader().lines().toList());
        int code = child.waitFor();
        if (code != 0 || lines.isEmpty() || !lines.getLast().equals(ReadersChild.DONE)) {
            lines.add("the process that reads ended with code %s after %s: %s"
                    .formatted(code, lines, Files.readString(directory.resolve("errors"))));
        } else {
            lines.removeLast();
        }
        return lines;
    }

    private Optional<String> run() throws IOException {
        if (format.startsWith("edges")) {
            return edges();
        }
        String plain = format.replace(".gz", "");
        boolean packed = !plain.equals(format);
        boolean text = !ImportFormat.of(plain).idsApart();
        byte[] good = file(plain, 1);
        byte[] other = file(plain, 100);
        byte[] strange = file(text ? "npy" : "csv", 1);
        byte[] damaged = packed
                ? mutation.damage(pack(good), pack(other), strange, false)
                : mutation.damage(good, other, strange, text);
        byte[] ids = text ? new byte[0] : ids();
        Expected expected;
        if (packed) {
            expected = text(plain, good);
        } else if (text) {
            expected = text(plain, damaged);
        } else if (plain.equals("npy")) {
            Optional<Expected> told = MatrixOracle.npy(damaged, ids);
            expected = told.orElseGet(() -> MatrixOracle.npy(good, ids).orElseThrow());
            expected.doubtful = told.isEmpty();
        } else {
            expected = MatrixOracle.records(damaged, ids, plain.charAt(0));
        }
        if (packed) {
            text(plain, joined(good, other)).rows.forEach(expected.rows::putIfAbsent);
            expected.doubtful = true;
        }
        return compare(damaged, ids, expected, packed);
    }

    private byte[] ids() {
        byte[] ids = "item:1\nitem:2\n3\nitem:4\nitem:5\n".getBytes(StandardCharsets.UTF_8);
        return random.nextInt(4) > 0 ? ids : mutation.damage(ids, ids, ids, true);
    }

    private static Expected text(String format, byte[] file) {
        return format.equals("jsonl") ? TextOracle.jsonLines(file) : TextOracle.separated(file, format.equals("tsv"));
    }

    private Optional<String> compare(byte[] damaged, byte[] ids, Expected expected, boolean packed) throws IOException {
        Path file = Files.write(directory.resolve("rows." + format), damaged);
        Path idsFile = Files.write(directory.resolve("ids.txt"), ids);
        Path out = Files.createDirectories(directory.resolve("out"));
        ImportFormat parsed = ImportFormat.ofName(file.toString());
        try (ImportInput input = ImportInput.of(file, parsed.idsApart() ? Optional.of(idsFile) : Optional.empty())) {
            Importer.Result result = new Importer(TARGET, parsed, Long.MAX_VALUE, 5).run(input, out, rows -> {});
            return accepted(result, expected, packed);
        } catch (BadRowsException | UnreadableRowsException | IllegalArgumentException e) {
            return refused(String.valueOf(e.getMessage()), out, expected);
        } finally {
            Files.deleteIfExists(out.resolve(SPACE + ".emb"));
        }
    }

    private static Optional<String> accepted(Importer.Result result, Expected expected, boolean packed)
            throws IOException {
        if (expected.broken) {
            return Optional.of("imported %s rows of what is no such file".formatted(result.rows()));
        }
        long all = expected.rows.size() + expected.bad;
        if (result.columns().isPresent()) { // a first line that names other columns, which was said
            long lines = result.rows() + result.badRows();
            return lines == all || lines == all - 1 ? Optional.empty() : Optional.of("lines were lost: " + result);
        }
        EmbeddingFile written = EmbeddingFile.open(result.file());
        for (int i = 0; i < written.count(); i++) {
            String id = written.ids().id(i).toString();
            float[] values = expected.rows.get(id);
            if (values == null || !sameBits(values, written.denseRows().row(i))) {
                return Optional.of("a row that is not written there: " + id);
            }
        }
        if (!result.named().stream().allMatch(ReaderRun::isPlain)) {
            return Optional.of("told as no user can read it: " + result.named());
        }
        long counted = result.rows() + result.badRows();
        boolean rowsHold = result.rows() == expected.rows.size() && counted == all;
        boolean headHolds = expected.headed && result.rows() <= expected.rows.size() && counted >= all - 1;
        boolean wholeMembers = packed && result.rows() > 0 && result.rows() % FILE_ROWS == 0;
        return wholeMembers || (!packed && (rowsHold || headHolds))
                ? Optional.empty()
                : Optional.of("%s rows and %s bad ones, not %s and %s: %s"
                        .formatted(
                                result.rows(), result.badRows(), expected.rows.size(), expected.bad, result.named()));
    }

    private static Optional<String> refused(String message, Path out, Expected expected) throws IOException {
        if (!isPlain(message)) {
            return Optional.of("told as no user can read it: " + message);
        }
        try (Stream<Path> left = Files.list(out)) {
            if (left.findAny().isPresent()) {
                return Optional.of("half an import is left: " + message);
            }
        }
        Matcher counted = COUNTED.matcher(message);
        if (counted.matches() && !expected.broken && expected.rows.isEmpty()) {
            long missed = expected.bad - Long.parseLong(counted.group(1));
            return missed == 0 || (missed == 1 && expected.headed)
                    ? Optional.empty()
                    : Optional.of("%s, not %s".formatted(message, expected.bad));
        }
        boolean names = expected.headed && message.contains("its columns are");
        return expected.broken || expected.doubtful || names || isOfAnotherFormat(message)
                ? Optional.empty()
                : Optional.of("refused, though %s rows are good: %s".formatted(expected.rows.size(), message));
    }

    /** Whether a file was refused whole for its first bytes, which say that it is no text. */
    private static boolean isOfAnotherFormat(String message) {
        return message.contains(": it is ") || message.contains("its text is UTF-16");
    }

    /** Whether a message is one line, and leaks nothing of how we are made. */
    private static boolean isPlain(String message) {
        return !message.isBlank()
                && message.lines().count() == 1
                && !message.matches(".*\\b(java|tools|org)\\.\\w+\\..*|.*\\w(Exception|Error)\\b.*|.*REDACTED.*");
    }

    private static boolean sameBits(float[] a, float[] b) {
        boolean same = a.length == b.length;
        for (int i = 0; same && i < a.length; i++) {
            same = Float.floatToIntBits(a[i]) == Float.floatToIntBits(b[i]);
        }
        return same;
    }

    private Optional<String> edges() throws IOException {
        byte[] good = edgeFile(1);
        byte[] other = edgeFile(50);
        byte[] strange = file("npy", 1);
        boolean packed = format.endsWith(".gz");
        byte[] damaged = packed
                ? mutation.damage(pack(good), pack(other), strange, false)
                : mutation.damage(good, other, strange, true);
        EdgeOracle expected = EdgeOracle.read(packed ? joined(good, other) : damaged);
        Path twin = directory.resolve(packed ? "f.tsv" : "f.tsv.gz");
        Files.deleteIfExists(twin);
        Files.write(directory.resolve(packed ? "f.tsv.gz" : "f.tsv"), damaged);
        EdgeData data;
        try {
            data = EdgeReader.read(PLAN, directory, TrainingProgress.NONE);
        } catch (DataException e) {
            String message = String.valueOf(e.getMessage());
            return (expected.broken || packed || isOfAnotherFormat(message)) && !message.contains("\n")
                    ? Optional.empty()
                    : Optional.of("refused, though %s rows are good: %s".formatted(expected.good, message));
        }
        Relation relation = data.graph().relations().getFirst();
        for (int i = 0; i < relation.edges(); i++) {
            String head = relation.headEntities().id(relation.heads()[i]).value();
            String tail = relation.tailEntities().id(relation.tails()[i]).value();
            Float weight = expected.weights.get(EdgeOracle.pair(head, tail));
            Long time = expected.times.get(EdgeOracle.pair(head, tail));
            float times = weight == null ? 0 : relation.weight(i) / weight;
            boolean holds = packed // whose members may be there more than once
                    ? times >= 1 && times == Math.rint(times)
                    : Math.abs(times - 1) < 1e-5f;
            if (time == null || !holds || time != relation.time(i)) {
                return Optional.of("an edge that is not written there: %s %s".formatted(head, tail));
            }
        }
        boolean counted = data.badRows() == expected.bad
                && data.rows() == expected.good + expected.bad
                && relation.edges() == expected.weights.size();
        return packed || (counted && !expected.broken)
                ? Optional.empty()
                : Optional.of("%s rows, %s bad, not %s and %s: %s"
                        .formatted(data.rows(), data.badRows(), expected.good, expected.bad, data.examples()));
    }

    private static byte[] joined(byte[] a, byte[] b) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(a);
        all.writeBytes(b);
        return all.toByteArray();
    }

    private static byte[] pack(byte[] plain) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(plain);
        }
        return packed.toByteArray();
    }

    private byte[] edgeFile(int first) {
        StringBuilder edges = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            edges.append("u%s\tcaf\u00e9%s\t%s\t%s\n"
                    .formatted(first + i, first + i, (1 + random.nextInt(64)) / 8f, 1_000_000_000L + i));
        }
        return edges.toString().getBytes(StandardCharsets.UTF_8);
    }

    private float value() {
        return (random.nextInt(2000) - 1000) / 16f;
    }

    /** Five rows whose ids begin at a number. */
    private byte[] file(String format, int first) {
        ByteBuffer binary = ByteBuffer.allocate(1 << 10).order(ByteOrder.LITTLE_ENDIAN);
        StringBuilder text = new StringBuilder();
        if (format.equals("npy")) {
            byte[] header =
                    "{'descr': '<f4', 'fortran_order': False, 'shape': (5, 4), }\n".getBytes(StandardCharsets.US_ASCII);
            binary.put("\u0093NUMPY\u0001\u0000".getBytes(StandardCharsets.ISO_8859_1))
                    .putShort((short) header.length)
                    .put(header);
        }
        boolean lists = random.nextInt(4) == 0;
        for (int row = first; row < first + FILE_ROWS; row++) {
            if (format.endsWith("vecs")) {
                binary.putInt(Expected.DIMENSION);
            }
            Object[] values = {value(), value(), value(), value()};
            for (Object value : values) {
                float number = (Float) value;
                switch (format) {
                    case "ivecs" -> binary.putInt((int) (number * 16));
                    case "bvecs" -> binary.put((byte) number);
                    default -> binary.putFloat(number);
                }
            }
            String id = row % 3 == 0 ? Integer.toString(row) : "item:" + (row % 2 == 0 ? "caf\u00e9 " : "") + row;
            text.append(
                    switch (format) {
                        case "csv" ->
                            lists
                                    ? "%s,\"[%s, %s,%s %s]\"\n".formatted(with(id, values))
                                    : "\"%s\",%s,%s,%s,%s\n".formatted(with(id, values));
                        case "tsv" -> "%s\t%s\t%s\t%s\t%s\n".formatted(with(id, values));
                        case "jsonl" ->
                            "{\"note\":[true,{\"a\":null}],\"id\":\"%s\",\"vector\":[%s,%s, %s,%s]}\n"
                                    .formatted(with(id, values));
                        default -> "";
                    });
        }
        if (!text.isEmpty()) {
            return text.toString().getBytes(StandardCharsets.UTF_8);
        }
        return Arrays.copyOf(binary.array(), binary.position());
    }

    private static Object[] with(String id, Object[] values) {
        return Stream.concat(Stream.of(id), Stream.of(values)).toArray();
    }
}
