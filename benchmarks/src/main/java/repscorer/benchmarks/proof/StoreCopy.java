package repscorer.benchmarks.proof;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Copies of data directories, for proofs that change what they serve. */
public final class StoreCopy {

    private StoreCopy() {}

    /** Copies a directory that no service holds, with all that is in it. */
    public static Path of(Path data, Path into) throws IOException {
        List<Path> parentsFirst;
        try (Stream<Path> entries = Files.walk(data)) {
            parentsFirst = entries.toList();
        }
        for (Path entry : parentsFirst) {
            Files.copy(entry, into.resolve(data.relativize(entry).toString()));
        }
        return into;
    }
}
