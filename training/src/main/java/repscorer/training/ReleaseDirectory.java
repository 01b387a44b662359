package repscorer.training;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import repscorer.core.embedding.EmbeddingFile;

/**
 * A release that is written aside and takes its directory's place whole, so that what lies there is always of one training.
 * Used by one thread.
 */
final class ReleaseDirectory implements AutoCloseable {

    /*
     * Beside DIR lie DIR.writing while a training writes, and DIR.replaced for the moment between two renames; what a killed
     * run left of either is put right by the next. Files that no training makes, such as a page of an evaluation, stay. Where
     * the directory cannot be renamed, as one that a file system is mounted on, files are moved one by one, the report last.
     */

    private static final String WRITING = ".writing";
    private static final String REPLACED = ".replaced";

    private final Path place;
    private final Path aside;
    private final Path replaced;

    private ReleaseDirectory(Path place, Path aside, Path replaced) {
        this.place = place;
        this.aside = aside;
        this.replaced = replaced;
    }

    /**
     * Makes the directory where it is missing, and an empty one beside it to write to. What the directory holds stays as it
     * is until {@link #takePlace}.
     *
     * @throws IOException when the disk refuses
     */
    static ReleaseDirectory open(Path out) throws IOException {
        Path given = out.toAbsolutePath().normalize();
        Path name = given.getFileName();
        if (name == null) {
            throw new IllegalArgumentException("a release has a directory of its own: " + out);
        }
        Path replaced = given.resolveSibling(name + REPLACED);
        if (Files.notExists(given) && Files.isDirectory(replaced)) {
            Files.move(replaced, given); // killed between two renames: what was there is whole
        }
        Files.createDirectories(given);
        Path place = given.toRealPath();
        Path real = place.getFileName() == null ? name : place.getFileName();
        ReleaseDirectory release = new ReleaseDirectory(
                place, place.resolveSibling(real + WRITING), place.resolveSibling(real + REPLACED));
        release.sweep();
        try {
            Files.createDirectory(release.aside);
            return release;
        } catch (FileSystemException e) {
            ReleaseDirectory within = new ReleaseDirectory(place, place.resolve(WRITING), release.replaced);
            within.sweep();
            Files.createDirectory(within.aside);
            return within;
        }
    }

    /** Where to write. */
    Path aside() {
        return aside;
    }

    /** Exchanges the directory for what was written, and keeps files that no training makes. */
    void takePlace() throws IOException {
        if (aside.startsWith(place)) {
            moveFiles();
            return;
        }
        try {
            Files.move(place, replaced, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            moveFiles();
            return;
        }
        Files.move(aside, place, StandardCopyOption.ATOMIC_MOVE);
        sweep();
    }

    private void moveFiles() throws IOException {
        Path report = aside.resolve(Trainer.REPORT);
        Files.deleteIfExists(place.resolve(Trainer.REPORT));
        for (Path file : list(place)) {
            if (made(file)) {
                delete(file);
            }
        }
        for (Path file : list(aside)) {
            if (!file.equals(report)) {
                Files.move(file, place.resolve(file.getFileName()));
            }
        }
        Files.move(report, place.resolve(Trainer.REPORT));
    }

    /** Removes what was written and did not take its place. */
    @Override
    public void close() throws IOException {
        delete(aside);
    }

    /** Clears what earlier trainings left beside the directory. */
    private void sweep() throws IOException {
        delete(aside);
        if (Files.isDirectory(replaced)) {
            for (Path file : list(replaced)) {
                Path kept = place.resolve(file.getFileName());
                if (!made(file) && Files.notExists(kept)) {
                    Files.move(file, kept);
                }
            }
            delete(replaced);
        }
    }

    private static boolean made(Path file) {
        String name = file.getFileName().toString();
        String whole = name.endsWith(".tmp") ? name.substring(0, name.length() - 4) : name;
        return whole.endsWith(EmbeddingFile.SUFFIX)
                || whole.equals(Trainer.REPORT)
                || whole.equals(Trainer.CHECKPOINT)
                || whole.equals(Trainer.STEPS);
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return new ArrayList<>(files.sorted().toList());
        }
    }

    private static void delete(Path directory) throws IOException {
        if (Files.notExists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
