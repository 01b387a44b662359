package repscorer.benchmarks.readers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The process that runs seeds in little memory: every failure a line, and the number of seeds last. */
final class ReadersChild {

    static final String DONE = "done";

    private ReadersChild() {}

    /** @param arguments a directory, the first seed and the one after the last */
    public static void main(String[] arguments) throws IOException {
        long to = Long.parseLong(arguments[2]);
        for (long seed = Long.parseLong(arguments[1]); seed < to; seed++) {
            Optional<String> wrong = ReaderRun.run(seed, Path.of(arguments[0]));
            wrong.ifPresent(System.out::println);
        }
        System.out.println(DONE);
    }
}
