package repscorer.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import repscorer.cli.console.UserError;

/** Where the project lies, as {@code bin/repscorer} tells; the working directory where it does not. */
public final class Home {

    private Home() {}

    /** The project's directory, absolute. */
    public static Path root() {
        return Path.of(System.getProperty("repscorer.root", ""))
                .toAbsolutePath()
                .normalize();
    }

    /** A path given by the user, else the project's own. */
    static Path orOwn(@Nullable Path given, String own) {
        return given == null ? root().resolve(own) : given;
    }

    static void requireDirectory(String option, Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new UserError("%s: no such directory: %s".formatted(option, directory));
        }
    }

    /** @throws UserError naming the option, where the file is none that can be read */
    public static void requireFile(String option, Path file) {
        if (!Files.isRegularFile(file)) {
            throw new UserError("%s: no such file: %s".formatted(option, file));
        }
    }
}
