package repscorer.imports;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * Where rows are read from, once.
 *
 * @param name for messages and the file's properties
 * @param file where the bytes lie as they are, so that they can be read in any order; absent for a stream
 * @param ids of the rows in their order, for formats that hold none
 */
public record ImportInput(String name, Optional<Path> file, InputStream bytes, Optional<List<String>> ids)
        implements AutoCloseable {

    private static final int BUFFER_BYTES = 1 << 16;
    private static final int ID_BYTES_MAX = 1 << 10;

    /** A file, unpacked where its name ends in {@code .gz}. */
    public static ImportInput of(Path file, Optional<Path> ids) throws IOException {
        Optional<List<String>> names =
                ids.isEmpty() ? Optional.empty() : Optional.of(Files.readAllLines(ids.get(), StandardCharsets.UTF_8));
        String name = String.valueOf(file.getFileName());
        boolean packed = name.endsWith(".gz");
        InputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
        InputStream plain =
                packed ? new BufferedInputStream(new GZIPInputStream(raw, BUFFER_BYTES), BUFFER_BYTES) : raw;
        return new ImportInput(name, packed ? Optional.empty() : Optional.of(file), plain, names);
    }

    /**
     * A stream. For a format that holds no ids they come first, one a line, and an empty line ends them.
     *
     * @throws IllegalArgumentException when ids are wanted and no empty line ends them
     */
    public static ImportInput of(String name, InputStream body, ImportFormat format) throws IOException {
        InputStream bytes = new BufferedInputStream(body, BUFFER_BYTES);
        return new ImportInput(
                name, Optional.empty(), bytes, format.idsApart() ? Optional.of(idsAhead(bytes)) : Optional.empty());
    }

    private static List<String> idsAhead(InputStream bytes) throws IOException {
        List<String> ids = new ArrayList<>();
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            int read = bytes.read();
            if (read < 0 || line.size() > ID_BYTES_MAX) {
                throw new IllegalArgumentException(
                        "ids come ahead of the rows, one a line of at most %s bytes, ended by an empty line: %s read"
                                .formatted(ID_BYTES_MAX, ids.size()));
            }
            if (read != '\n') {
                line.write(read);
                continue;
            }
            String id = line.toString(StandardCharsets.UTF_8).strip();
            if (id.isEmpty()) {
                return ids;
            }
            ids.add(id);
            line.reset();
        }
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }
}
