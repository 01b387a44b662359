package repscorer.imports;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import repscorer.text.GzipStream;

/**
 * Where rows are read from, once.
 *
 * @param name for messages and the file's properties
 * @param file where the bytes lie as they are, so that they can be read in any order; absent for a stream
 * @param ids of the rows in their order, for formats that hold none
 */
public record ImportInput(String name, Optional<Path> file, InputStream bytes, Optional<RowIds> ids)
        implements AutoCloseable {

    private static final int BUFFER_BYTES = 1 << 16;

    /**
     * A file, unpacked where its name ends in {@code .gz}.
     *
     * @throws UnreadableRowsException when it is not packed, though its name says so
     */
    public static ImportInput of(Path file, Optional<Path> ids) throws IOException {
        Optional<RowIds> names = ids.isEmpty() ? Optional.empty() : Optional.of(RowIds.of(ids.get()));
        String name = String.valueOf(file.getFileName());
        InputStream raw = Files.newInputStream(file);
        if (!name.endsWith(".gz")) {
            Optional<Path> again = Optional.of(file).filter(Files::isRegularFile); // a pipe is read once
            return new ImportInput(name, again, new BufferedInputStream(raw, BUFFER_BYTES), names);
        }
        try {
            InputStream plain = new BufferedInputStream(new GzipStream(raw), BUFFER_BYTES);
            return new ImportInput(name, Optional.empty(), plain, names);
        } catch (IOException e) {
            raw.close();
            throw new UnreadableRowsException(name, e);
        }
    }

    /** The same from the standard input, which is not unpacked. */
    public static ImportInput standard(Optional<Path> ids) throws IOException {
        Optional<RowIds> names = ids.isEmpty() ? Optional.empty() : Optional.of(RowIds.of(ids.get()));
        InputStream in = new BufferedInputStream(System.in, BUFFER_BYTES);
        return new ImportInput("the standard input", Optional.empty(), in, names);
    }

    /**
     * A stream. For a format that holds no ids they come first, one a line, and an empty line ends them.
     *
     * @throws IllegalArgumentException when ids are wanted and no empty line ends them
     */
    public static ImportInput of(String name, InputStream body, ImportFormat format) throws IOException {
        InputStream bytes = new BufferedInputStream(body, BUFFER_BYTES);
        return new ImportInput(
                name, Optional.empty(), bytes, format.idsApart() ? Optional.of(RowIds.ahead(bytes)) : Optional.empty());
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }
}
