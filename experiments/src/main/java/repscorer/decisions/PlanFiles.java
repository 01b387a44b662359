package repscorer.decisions;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import repscorer.core.disk.AtomicFile;
import repscorer.core.disk.Disk;
import repscorer.digest.Sha256;

/**
 * The text of every plan that a log's decisions name, each once: {@code plans/DIGEST.json}. A file's time is when a file of
 * decisions used it last, so that it goes with the last of them. For one writer; reading is safe beside it.
 */
public final class PlanFiles {

    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    private final Path directory;
    private final Disk disk;

    PlanFiles(Path directory, Disk disk) {
        this.directory = directory;
        this.disk = disk;
    }

    private Path file(String digest) {
        return directory.resolve(digest + ".json");
    }

    /** Keeps a plan's text, or takes note that it is used again. */
    void keep(String digest, byte[] text, Instant now) throws IOException {
        Path file = file(digest);
        if (!disk.exists(file)) {
            Path temporary = directory.resolve(digest + AtomicFile.TEMPORARY_SUFFIX);
            try (Disk.Output out = disk.create(temporary)) {
                out.writeFully(ByteBuffer.wrap(text)); // not synced: whoever reads it looks at its digest
            }
            disk.move(temporary, file);
        }
        Files.setLastModifiedTime(file, FileTime.from(now));
    }

    /** Deletes those that were used last before a time. */
    void prune(Instant before) throws IOException {
        for (Path file : list()) {
            try {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
                    disk.delete(file);
                }
            } catch (NoSuchFileException e) {
                // somebody else took it away
            }
        }
    }

    long size() throws IOException {
        long bytes = 0;
        for (Path file : list()) {
            try {
                bytes += Files.size(file);
            } catch (NoSuchFileException e) {
                // somebody else took it away
            }
        }
        return bytes;
    }

    private List<Path> list() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> String.valueOf(file.getFileName()).endsWith(".json"))
                    .toList();
        }
    }

    /** The text of a plan; empty where it is not kept, or not whole. */
    public Optional<byte[]> find(String digest) throws IOException {
        if (!DIGEST.matcher(digest).matches()) {
            return Optional.empty();
        }
        try {
            byte[] text = Files.readAllBytes(file(digest));
            return digest(text).equals(digest) ? Optional.of(text) : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** SHA-256 in hexadecimal digits. */
    public static String digest(byte[] text) {
        return Sha256.hex(text);
    }
}
