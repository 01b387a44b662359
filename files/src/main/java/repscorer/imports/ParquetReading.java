package repscorer.imports;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the process of {@link ParquetProcess} runs: rows of one file to the standard output. It ends with its parent. */
final class ParquetReading {

    private ParquetReading() {}

    /** @param arguments the file, its name in messages, whether rows are dense or cells are wanted, and what {@link #arguments} says */
    public static void main(String[] arguments) throws IOException {
        Thread.ofPlatform().daemon().name("parent").start(ParquetReading::endWithParent);
        int code = 0;
        try (DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16))) {
            System.setOut(System.err);
            RowFrames.Writer rows = new RowFrames.Writer(out);
            try {
                ParquetRows source = new ParquetRows(
                        arguments[1],
                        Path.of(arguments[0]),
                        columns(arguments, 3),
                        Boolean.parseBoolean(arguments[2]));
                if (arguments[2].equals(ParquetProcess.CELLS)) {
                    source.readCells(rows);
                } else {
                    source.read(rows);
                }
            } catch (IllegalArgumentException e) {
                rows.wrong(firstLine(e));
            } catch (IOException e) {
                rows.broken(firstLine(e));
            }
            rows.end();
        } catch (OutOfMemoryError e) {
            code = ParquetProcess.OUT_OF_MEMORY;
        }
        Runtime.getRuntime().halt(code); // threads of the library may still spin
    }

    /** The names of columns as arguments: in ASCII whatever the locale, the id first, which may be empty. */
    static List<String> arguments(ImportColumns columns) {
        return Stream.concat(Stream.of(columns.id().orElse("")), columns.vector().stream())
                .map(name -> URLEncoder.encode(name, StandardCharsets.UTF_8))
                .toList();
    }

    private static ImportColumns columns(String[] arguments, int from) {
        List<String> names = Arrays.stream(arguments, from, arguments.length)
                .map(name -> URLDecoder.decode(name, StandardCharsets.UTF_8))
                .toList();
        Optional<String> id = Optional.of(names.getFirst()).filter(name -> !name.isEmpty());
        return new ImportColumns(id, names.subList(1, names.size()));
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private static void endWithParent() {
        try {
            while (System.in.read() >= 0) {
                // says nothing
            }
        } catch (IOException e) {
            // gone as well
        }
        Runtime.getRuntime().halt(1);
    }
}
