package repscorer.cli.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import repscorer.digest.Sha256;

/**
 * Where a demo keeps its things, and how it knows that they still fit the plan and the data they were made from.
 */
record DemoHome(Path directory) {

    private static final String FINGERPRINT = "made-from";
    private static final int FINGERPRINT_DIGITS = 12;

    Path network() {
        return directory.resolve("network");
    }

    Path release() {
        return directory.resolve("release");
    }

    /** The service's data directory. */
    Path service() {
        return directory.resolve("service");
    }

    /** A name for what a plan makes of a directory of data: equal plan and equal files, equal name. */
    static String fingerprint(Path plan, Path data) throws IOException {
        MessageDigest digest = Sha256.begin();
        digest.update(Files.readAllBytes(plan));
        try (Stream<Path> entries = Files.list(data)) {
            List<Path> files = entries.filter(Files::isRegularFile).sorted().toList();
            for (Path file : files) {
                String line =
                        "%s %s %s%n".formatted(file.getFileName(), Files.size(file), Files.getLastModifiedTime(file));
                digest.update(line.getBytes(StandardCharsets.UTF_8));
            }
        }
        return HexFormat.of().formatHex(digest.digest()).substring(0, FINGERPRINT_DIGITS);
    }

    /** Whether the release directory was made, whole, from what the fingerprint names. */
    boolean holds(String fingerprint) throws IOException {
        Path mark = release().resolve(FINGERPRINT);
        return Files.isRegularFile(mark) && Files.readString(mark).strip().equals(fingerprint);
    }

    /** Notes that the release directory is whole. */
    void keep(String fingerprint) throws IOException {
        Files.writeString(release().resolve(FINGERPRINT), fingerprint + "\n");
    }

    /** Forgets that it was whole, before it is written anew. */
    void forget() throws IOException {
        Files.createDirectories(release());
        Files.deleteIfExists(release().resolve(FINGERPRINT));
    }
}
