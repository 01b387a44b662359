package repscorer.core.store;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What the store asks of the file system, so that tests can fill the disk or make it fail. */
interface Disk {

    Disk REAL = new Disk() {};

    default void createDirectories(Path directory) throws IOException {
        Files.createDirectories(directory);
    }

    /** A new file; one that is there already is replaced. */
    default OutputStream create(Path file) throws IOException {
        return Files.newOutputStream(file);
    }

    /** Forces a file's content to the device. */
    default void sync(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** Forces the names in a directory to the device. */
    default void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Renames in one step; a file of the new name is replaced. */
    default void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    default long usableBytes(Path directory) throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }

    /** Removes a file or a directory with all that is in it; does nothing where it is absent. */
    default void deleteTree(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(path)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : paths) {
            Files.deleteIfExists(each);
        }
    }

    /** Puts a whole file under its name or leaves what was there: temporary neighbour, sync, rename, sync. */
    default void replace(Path target, byte[] content) throws IOException {
        Path temporary = target.resolveSibling(target.getFileName() + ".tmp");
        try {
            try (OutputStream out = create(temporary)) {
                out.write(content);
            }
            sync(temporary);
            move(temporary, target);
        } finally {
            Files.deleteIfExists(temporary);
        }
        Path parent = target.getParent();
        if (parent != null) {
            syncDirectory(parent);
        }
    }
}
