package repscorer.cli.imports;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import java.util.zip.GZIPInputStream;
import repscorer.benchmarks.VectorFiles;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.vector.SparseVector;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads rows of a foreign file and writes one embedding file.
 *
 * @param ids one id a line, for formats that hold none
 * @param dense whether rows are vectors of one dimension; sparse otherwise
 * @param badRowsMax how many bad rows are left out before the import stops
 */
public record Importer(
        String space,
        String model,
        EntityKind kind,
        boolean dense,
        ImportFormat format,
        Path file,
        Optional<Path> ids,
        long badRowsMax) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** What an import did. */
    public record Result(Path file, int rows, long badRows, List<String> firstBadRows) {}

    public Importer {
        if (format.idsApart() && ids.isEmpty()) {
            throw new IllegalArgumentException("%s holds no ids; give them with --ids FILE, one a line"
                    .formatted(format.name().toLowerCase(java.util.Locale.ROOT)));
        }
        if (format.idsApart() && !dense) {
            throw new IllegalArgumentException("npy and fvecs hold dense rows only");
        }
    }

    /**
     * Runs the import.
     *
     * @param progress told the number of rows read
     * @throws IllegalArgumentException naming the first bad rows, when there are more than allowed; nothing is written
     */
    public Result run(Path outDirectory, LongConsumer progress) throws IOException {
        BadRows bad = new BadRows(badRowsMax);
        EmbeddingFileWriter writer = dense ? readDense(bad, progress) : readSparse(bad, progress);
        writer.property("imported-from", file.getFileName().toString());
        Files.createDirectories(outDirectory);
        return new Result(writer.writeTo(outDirectory), writer.count(), bad.count(), bad.named());
    }

    private EmbeddingFileWriter readDense(BadRows bad, LongConsumer progress) throws IOException {
        DenseSink sink = new DenseSink(bad);
        switch (format) {
            case JSONL ->
                lines(
                        (row, line) -> {
                            JsonNode node = JSON.readTree(line);
                            JsonNode vector = member(node, "vector");
                            float[] values = new float[vector.size()];
                            for (int i = 0; i < values.length; i++) {
                                if (!vector.get(i).isNumber()) {
                                    throw new IllegalArgumentException("vector[%d] is no number".formatted(i));
                                }
                                values[i] = vector.get(i).floatValue();
                            }
                            sink.add(EntityId.parse(member(node, "id").asString()), values);
                        },
                        bad,
                        progress);
            case TSV ->
                lines(
                        (row, line) -> {
                            String[] parts = line.split("\t", -1);
                            float[] values = new float[parts.length - 1];
                            for (int i = 0; i < values.length; i++) {
                                values[i] = number(parts[i + 1], i + 2);
                            }
                            sink.add(EntityId.parse(parts[0]), values);
                        },
                        bad,
                        progress);
            case NPY, FVECS -> {
                List<String> names = Files.readAllLines(ids.orElseThrow(), StandardCharsets.UTF_8);
                float[][] rows = VectorFiles.vectors(file, Integer.MAX_VALUE);
                if (names.size() != rows.length) {
                    throw new IllegalArgumentException("ids and rows differ in number: %d in %s, %d in %s"
                            .formatted(names.size(), ids.get(), rows.length, file));
                }
                for (int row = 0; row < rows.length; row++) {
                    try {
                        sink.add(EntityId.parse(names.get(row)), rows[row]);
                    } catch (IllegalArgumentException e) {
                        bad.add(row + 1L, String.valueOf(e.getMessage()));
                    }
                    progress.accept(row + 1L);
                }
            }
        }
        return sink.writer();
    }

    private EmbeddingFileWriter readSparse(BadRows bad, LongConsumer progress) throws IOException {
        Map<EntityId, Map<EntityId, Float>> rows = new LinkedHashMap<>();
        if (format == ImportFormat.JSONL) {
            lines(
                    (row, line) -> {
                        JsonNode node = JSON.readTree(line);
                        EntityId id = EntityId.parse(member(node, "id").asString());
                        Map<EntityId, Float> entries = new TreeMap<>();
                        for (Map.Entry<String, JsonNode> entry :
                                member(node, "entries").properties()) {
                            entries.put(
                                    EntityId.parse(entry.getKey()),
                                    positive(entry.getValue().floatValue(), entry.getKey()));
                        }
                        if (rows.putIfAbsent(id, entries) != null) {
                            throw new IllegalArgumentException("duplicate id " + id);
                        }
                    },
                    bad,
                    progress);
        } else {
            lines(
                    (row, line) -> {
                        String[] parts = line.split("\t", -1);
                        if (parts.length != 3) {
                            throw new IllegalArgumentException(
                                    "a line is id, column, weight: %d fields".formatted(parts.length));
                        }
                        EntityId id = EntityId.parse(parts[0]);
                        EntityId column = EntityId.parse(parts[1]);
                        float weight = positive(number(parts[2], 3), parts[1]);
                        if (rows.computeIfAbsent(id, k -> new TreeMap<>()).putIfAbsent(column, weight) != null) {
                            throw new IllegalArgumentException("duplicate column %s of %s".formatted(column, id));
                        }
                    },
                    bad,
                    progress);
        }
        TreeSet<EntityId> distinct = new TreeSet<>();
        rows.values().forEach(entries -> distinct.addAll(entries.keySet()));
        List<EntityId> columns = new ArrayList<>(distinct);
        Map<EntityId, Integer> numbers = new LinkedHashMap<>();
        columns.forEach(column -> numbers.put(column, numbers.size()));

        EmbeddingFileWriter writer = EmbeddingFileWriter.sparse(space, model, kind, columns, Map.of());
        rows.forEach((id, entries) -> {
            int[] places = new int[entries.size()];
            float[] weights = new float[entries.size()];
            int i = 0;
            for (Map.Entry<EntityId, Float> entry : entries.entrySet()) {
                places[i] = numbers.getOrDefault(entry.getKey(), -1);
                weights[i++] = entry.getValue();
            }
            writer.add(id, new SparseVector(places, weights));
        });
        return writer;
    }

    private interface LineReader {
        void read(long row, String line);
    }

    private void lines(LineReader reader, BadRows bad, LongConsumer progress) throws IOException {
        try (InputStream raw = Files.newInputStream(file);
                InputStream plain = file.toString().endsWith(".gz") ? new GZIPInputStream(raw, 1 << 16) : raw;
                BufferedReader lines = new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8))) {
            long row = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                row++;
                if (!line.isBlank()) {
                    try {
                        reader.read(row, line);
                    } catch (JacksonException e) {
                        bad.add(row, "no JSON object: " + e.getOriginalMessage());
                    } catch (IllegalArgumentException e) {
                        bad.add(row, String.valueOf(e.getMessage()));
                    }
                }
                progress.accept(row);
            }
        }
    }

    private static JsonNode member(JsonNode node, String name) {
        JsonNode member = node.get(name);
        if (member == null) {
            throw new IllegalArgumentException("'%s' is missing".formatted(name));
        }
        return member;
    }

    private static float number(String text, int field) {
        try {
            return Float.parseFloat(text.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("field %d is no number: '%s'".formatted(field, text), e);
        }
    }

    private static float positive(float weight, String column) {
        if (!(weight > 0 && weight < Float.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "weights must be positive and finite: %s for %s".formatted(weight, column));
        }
        return weight;
    }

    /** Takes dense rows; the first one settles the dimension. */
    private final class DenseSink {

        private final BadRows bad;
        private Optional<EmbeddingFileWriter> writer = Optional.empty();

        DenseSink(BadRows bad) {
            this.bad = bad;
        }

        void add(EntityId id, float[] values) {
            if (values.length == 0) {
                throw new IllegalArgumentException("no values for " + id);
            }
            EmbeddingFileWriter open =
                    writer.orElseGet(() -> EmbeddingFileWriter.dense(space, model, kind, values.length));
            open.add(id, values);
            writer = Optional.of(open);
        }

        EmbeddingFileWriter writer() {
            return writer.orElseThrow(
                    () -> new IllegalArgumentException("no good row in %s (%d bad ones)".formatted(file, bad.count())));
        }
    }
}
