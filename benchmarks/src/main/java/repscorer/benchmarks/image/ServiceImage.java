package repscorer.benchmarks.image;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.api.buildplan.Port;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import repscorer.benchmarks.proof.ScratchDirectory;

/**
 * The service as an OCI image: jars below {@code /app/lib}, the configuration below {@code /etc/representation-scorer}, data below
 * {@code /data}, which alone is written. The same files give the same bytes. Immutable.
 *
 * @param lib jars, those of the product named after a version
 * @param config files of the configuration
 * @param base what it stands on, with a Java 25 on its path; {@code scratch} for nothing
 * @param version of the product
 * @param stamp what every file and the image are dated
 */
public record ServiceImage(Path lib, Path config, String base, String version, Instant stamp) {

    static final String NAME = "representation-scorer";
    static final String LIB = "/app/lib";
    static final String CONFIG = "/etc/representation-scorer";
    static final String DATA = "/data";

    private static final String USER = "10001:10001";
    private static final int PORT = 8080;
    private static final int MANAGEMENT_PORT = 8081;

    /** What a container runs; {@code JDK_JAVA_OPTIONS} adds to it. Java's own files of passing use are data, too. */
    static List<String> entryPoint() {
        return List.of(
                "java",
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:MaxRAMPercentage=70",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:-UsePerfData",
                "-Djava.io.tmpdir=" + DATA,
                "-Drepscorer.root=/app",
                "-cp",
                LIB + "/*",
                "repscorer.cli.Main");
    }

    /** Other machines reach a container, so that nobody reads without a key, until somebody says otherwise. */
    static Map<String, String> environment() {
        return Map.of("REPSCORER_HTTP_OPEN_READS", "nowhere");
    }

    /** What follows where a container is given no arguments. */
    static List<String> arguments() {
        return List.of("serve", "--config", CONFIG, "--data", DATA, "--address", "0.0.0.0");
    }

    /**
     * Writes the image as one archive in the layout of OCI, and goes to no registry where the base is {@code scratch}.
     *
     * @throws IOException where files cannot be read or written, or the base cannot be had
     */
    void writeTo(Path archive) throws IOException, InterruptedException {
        try (ScratchDirectory caches = ScratchDirectory.create("repscorer-image")) {
            builder()
                    .setFormat(ImageFormat.OCI)
                    .setCreationTime(stamp)
                    .setUser(USER)
                    .setWorkingDirectory(AbsoluteUnixPath.get("/"))
                    .setExposedPorts(Port.tcp(PORT), Port.tcp(MANAGEMENT_PORT))
                    .addVolume(AbsoluteUnixPath.get(DATA))
                    .setEnvironment(environment())
                    .setEntrypoint(entryPoint())
                    .setProgramArguments(arguments())
                    .setLabels(
                            Map.of("org.opencontainers.image.title", NAME, "org.opencontainers.image.version", version))
                    .addFileEntriesLayer(layer("libraries", lib, LIB, file -> !isProduct(file)))
                    .addFileEntriesLayer(layer("configuration", config, CONFIG, file -> true))
                    .addFileEntriesLayer(layer("product", lib, LIB, this::isProduct))
                    .containerize(Containerizer.to(TarImage.at(archive).named(NAME + ":" + version))
                            .setToolName(NAME)
                            .setBaseImageLayersCache(caches.path())
                            .setApplicationLayersCache(caches.path()));
        } catch (InvalidImageReferenceException
                | RegistryException
                | CacheDirectoryCreationException
                | ExecutionException e) {
            throw new IOException("no image of %s: %s".formatted(base, e.getMessage()), e);
        }
    }

    private JibContainerBuilder builder() throws InvalidImageReferenceException {
        return base.equals("scratch") ? Jib.fromScratch() : Jib.from(base);
    }

    private boolean isProduct(Path file) {
        return file.getFileName().toString().endsWith("-" + version + ".jar");
    }

    private interface Choice {
        boolean has(Path file);
    }

    private FileEntriesLayer layer(String name, Path directory, String into, Choice choice) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(directory)) {
            files = new ArrayList<>(all.filter(Files::isRegularFile)
                    .filter(choice::has)
                    .sorted()
                    .toList());
        }
        FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName(name);
        for (Path file : files) {
            layer.addEntry(
                    file,
                    AbsoluteUnixPath.get(into + "/" + directory.relativize(file)),
                    FilePermissions.fromOctalString("644"),
                    stamp);
        }
        return layer.build();
    }

    /** @param arguments jars, configuration, base, version, stamp, and where the archive goes, as {@code bin/package} has them */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length != 6) {
            System.err.println("image: LIB CONFIG BASE VERSION STAMP ARCHIVE");
            System.exit(2);
        }
        try {
            new ServiceImage(
                            Path.of(arguments[0]),
                            Path.of(arguments[1]),
                            arguments[2],
                            arguments[3],
                            Instant.parse(arguments[4]))
                    .writeTo(Path.of(arguments[5]));
        } catch (IOException e) {
            System.err.println("image: " + e.getMessage());
            System.exit(1);
        }
        System.exit(0); // threads of the library linger
    }
}
