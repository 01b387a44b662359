package repscorer.benchmarks.proof;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where the proofs' data is: {@code $REPSCORER_DATA}, else {@code ../shared/data} beside the project's root. */
public final class ProofData {

    private ProofData() {}

    /** A folder of the data, if it is there. */
    public static Optional<Path> folder(String name) {
        Path folder = root().resolve(name);
        return Files.isDirectory(folder) ? Optional.of(folder) : Optional.empty();
    }

    public static Path root() {
        String wanted = System.getenv("REPSCORER_DATA");
        return wanted != null && !wanted.isBlank()
                ? Path.of(wanted)
                : Path.of(System.getProperty("repscorer.root", ""))
                        .toAbsolutePath()
                        .resolveSibling("shared/data")
                        .normalize();
    }
}
