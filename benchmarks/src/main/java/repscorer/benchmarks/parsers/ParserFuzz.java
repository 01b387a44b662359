package repscorer.benchmarks.parsers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What Jazzer calls, in a process of its own: one parser, which the system property {@code repscorer.parser} names. */
public final class ParserFuzz {

    static final String PARSER = "repscorer.parser";
    static final String CORPUS = "repscorer.corpus";

    private static final ParserTarget TARGET = ParserTarget.of(System.getProperty(PARSER, "text"));

    private ParserFuzz() {}

    /** Writes valid bytes to begin with; here, as checksums are those of {@link NoChecksum}. */
    public static void fuzzerInitialize() throws IOException, InterruptedException {
        Path corpus = Path.of(System.getProperty(CORPUS, ""));
        int number = 0;
        for (byte[] seed : ParserSeeds.of(TARGET)) {
            Files.write(corpus.resolve("seed-" + number++), seed);
        }
    }

    public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
        try {
            TARGET.read(bytes);
        } catch (IOException | RuntimeException e) {
            if (!TARGET.tells(e)) {
                throw e;
            }
        }
    }
}
