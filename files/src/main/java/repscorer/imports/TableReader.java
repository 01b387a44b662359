package repscorer.imports;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;
import repscorer.text.Lines;
import repscorer.text.TextStart;
import repscorer.text.Utf8;
import repscorer.yaml.JacksonFailures;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads tables of other tools by the names of their columns: CSV and TSV with a first line of names, JSON Lines, Parquet. What a row
 * means is for whoever takes it. Immutable.
 *
 * @param columns asked for, in the order in which rows have them
 * @param optional those of them that a table may lack
 */
public record TableReader(ImportFormat format, List<String> columns, Set<String> optional) {

    private static final JsonMapper JSON = JsonMapper.shared();

    /** @throws IllegalArgumentException for a format of vectors alone */
    public TableReader {
        columns = List.copyOf(columns);
        optional = Set.copyOf(optional);
        if (format.idsApart()) {
            throw new IllegalArgumentException("a table is parquet, jsonl, csv or tsv: '%s'".formatted(format.word()));
        }
    }

    /**
     * Reads to the end. What the sink throws comes through.
     *
     * @throws IllegalArgumentException where the table lacks a column
     * @throws IOException where it cannot be read on
     */
    public void read(ImportInput input, TableSink sink) throws IOException {
        switch (format) {
            case CSV -> readSeparated(input, CSVFormat.RFC4180, sink);
            case TSV -> readSeparated(input, CSVFormat.TDF.builder().setQuote(null).get(), sink);
            case JSONL -> readJson(input, sink);
            case PARQUET -> readParquet(input, sink);
            case NPY, FVECS, IVECS, BVECS -> throw new IllegalStateException("refused before: " + format);
        }
    }

    private void readSeparated(ImportInput input, CSVFormat separated, TableSink sink) throws IOException {
        BoundedRows bytes = new BoundedRows(TextStart.skipMark(input.bytes()), RowSource.ROW_BYTES_MAX);
        long row = -1;
        try (Reader reader = new InputStreamReader(bytes, StandardCharsets.ISO_8859_1); // as SeparatedRows does
                CSVParser parser = separated.parse(reader)) {
            int[] places = new int[0];
            for (CSVRecord record : parser) {
                bytes.endRow();
                String[] fields = record.values();
                row++;
                if (row == 0) {
                    places = places(input.name(), fields);
                } else {
                    separated(row, fields, places, sink);
                }
            }
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof CSVException csv) {
                throw new IOException("row %s: a quote is not closed, or text follows it".formatted(row + 1), csv);
            }
            throw e;
        }
        if (row < 0) {
            throw new IllegalArgumentException(
                    "%s: a first line names the columns, and there is none".formatted(input.name()));
        }
    }

    private int[] places(String name, String[] header) {
        List<String> named =
                Arrays.stream(header).map(each -> utf8(each).strip()).toList();
        int[] places = new int[columns.size()];
        for (int i = 0; i < places.length; i++) {
            places[i] = named.indexOf(columns.get(i));
            if (places[i] < 0 && !optional.contains(columns.get(i))) {
                throw new IllegalArgumentException(
                        "%s has no column '%s'; there are %s".formatted(name, columns.get(i), named));
            }
        }
        return places;
    }

    private static void separated(long row, String[] fields, int[] places, TableSink sink) {
        if (fields.length == 1 && fields[0].isBlank()) {
            return;
        }
        @Nullable String[] cells = new @Nullable String[places.length];
        try {
            for (int i = 0; i < places.length; i++) {
                String cell = places[i] >= 0 && places[i] < fields.length ? utf8(fields[places[i]]).strip() : "";
                cells[i] = cell.isEmpty() ? null : cell;
            }
        } catch (IllegalArgumentException e) {
            sink.bad(row, String.valueOf(e.getMessage()));
            return;
        }
        sink.row(row, cells);
    }

    private static String utf8(String bytes) {
        return Utf8.text(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void readJson(ImportInput input, TableSink sink) throws IOException {
        Lines lines = new Lines(TextStart.skipMark(input.bytes()), RowSource.ROW_BYTES_MAX);
        long row = 0;
        while (lines.next()) {
            row++;
            if (lines.tooLong()) {
                sink.bad(row, RowSource.tooLong());
                continue;
            }
            @Nullable String[] cells = new @Nullable String[columns.size()];
            try {
                String line = Utf8.text(lines.bytes());
                if (line.isBlank()) {
                    continue;
                }
                json(line, cells);
            } catch (JacksonException e) {
                sink.bad(row, "no JSON object: " + JacksonFailures.words(e));
                continue;
            } catch (IllegalArgumentException e) {
                sink.bad(row, String.valueOf(e.getMessage()));
                continue;
            }
            sink.row(row, cells);
        }
    }

    private void json(String line, @Nullable String[] cells) {
        try (JsonParser parser = JSON.createParser(line)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("no JSON object: a line begins with {");
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                int at = columns.indexOf(parser.currentName());
                JsonToken value = parser.nextToken();
                if (at < 0 || value == JsonToken.VALUE_NULL) {
                    parser.skipChildren();
                } else if (value.isScalarValue()) {
                    cells[at] = parser.getString();
                } else {
                    throw new IllegalArgumentException("%s is neither text nor number".formatted(columns.get(at)));
                }
            }
        }
    }

    private void readParquet(ImportInput input, TableSink sink) throws IOException {
        if (input.file().isEmpty()) {
            throw new IllegalArgumentException("a Parquet file is read from the disk, not from a stream");
        }
        new ParquetProcess(
                        input.name(),
                        input.file().get(),
                        new ImportColumns(
                                Optional.empty(),
                                columns.stream()
                                        .map(column -> (optional.contains(column) ? "?" : "=") + column)
                                        .toList()),
                        ParquetProcess.CELLS,
                        ParquetProcess.Bounds.DEFAULT)
                .read(new RowSink() {
                    @Override
                    public void dense(long row, String id, float[] values) {
                        throw new IllegalStateException("a table has cells");
                    }

                    @Override
                    public void sparse(long row, String id, String[] cells, float[] weights, boolean ordered) {
                        @Nullable String[] texts = new @Nullable String[cells.length];
                        for (int i = 0; i < cells.length; i++) {
                            texts[i] = cells[i].isEmpty() ? null : cells[i].substring(1);
                        }
                        sink.row(row, texts);
                    }

                    @Override
                    public void columns(String told) {}

                    @Override
                    public void bad(long row, String rule) {
                        sink.bad(row, rule);
                    }

                    @Override
                    public void progress(long rows) {}
                });
    }
}
