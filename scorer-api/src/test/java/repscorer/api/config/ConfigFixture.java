package repscorer.api.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A copy of the project's configuration that a test may spoil. */
record ConfigFixture(Path directory) {

    /** The directory that the project ships. */
    static Path shipped() {
        return Path.of(System.getProperty("repscorer.root", "..")).resolve("config");
    }

    static ConfigFixture copyTo(Path directory) {
        try (Stream<Path> files = Files.walk(shipped())) {
            List<Path> all = files.filter(Files::isRegularFile)
                    .filter(file -> !shipped().relativize(file).startsWith("training"))
                    .toList();
            for (Path file : all) {
                Path copy = directory.resolve(shipped().relativize(file));
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ConfigFixture(directory);
    }

    /** Replaces text that must be there. */
    ConfigFixture edit(String file, String text, String by) {
        Path path = directory.resolve(file);
        try {
            String before = Files.readString(path);
            if (!before.contains(text)) {
                throw new IllegalArgumentException("%s does not hold '%s'".formatted(file, text));
            }
            Files.writeString(path, before.replace(text, by));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    ConfigFixture write(String file, String text) {
        Path path = directory.resolve(file);
        try {
            Files.createDirectories(path.getParent());
            Files.writeString(path, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    ServiceConfig load() {
        return ServiceConfig.load(directory, Map.of(), Map.of());
    }
}
