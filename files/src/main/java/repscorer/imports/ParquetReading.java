package repscorer.imports;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;

/** What the process of {@link ParquetProcess} runs: rows of one file to the standard output. It ends with its parent. */
final class ParquetReading {

    private ParquetReading() {}

    /** @param arguments the file, its name in messages, whether rows are dense */
    public static void main(String[] arguments) throws IOException {
        Thread.ofPlatform().daemon().name("parent").start(ParquetReading::endWithParent);
        int code = 0;
        try (DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16))) {
            System.setOut(System.err);
            RowFrames.Writer rows = new RowFrames.Writer(out);
            try {
                new ParquetRows(arguments[1], Path.of(arguments[0]), Boolean.parseBoolean(arguments[2])).read(rows);
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
