package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A service of the shipped configuration on a free port over a directory of its own. */
final class TestService implements AutoCloseable {

    private static final class Shared {
        private static final TestService SERVICE = startShared();

        private static TestService startShared() {
            TestService service = start(newDirectory(), options -> options);
            service.publish("one", 1);
            Runtime.getRuntime().addShutdownHook(new Thread(service::close));
            return service;
        }
    }

    final Path directory;
    final RunningService running;
    final Http http;

    private TestService(Path directory, RunningService running) {
        this.directory = directory;
        this.running = running;
        this.http = new Http(running.uri());
    }

    /** The one with release {@code one} live, for tests that only read. */
    static TestService shared() {
        return Shared.SERVICE;
    }

    static TestService start(Path directory, UnaryOperator<ServiceOptions> more) {
        ServiceOptions options = ServiceOptions.defaults()
                .withConfigDirectory(configDirectory())
                .withDataDirectory(directory.resolve("data"))
                .withEnvironment(Map.of())
                .withAdminToken(Http.TOKEN)
                .withPort(0);
        return new TestService(directory, ScorerApplication.start(more.apply(options)));
    }

    static Path configDirectory() {
        return Path.of(System.getProperty("repscorer.root", "..")).resolve("config");
    }

    /** A copy of the configuration that is shipped, for a test to change. */
    static Path copyConfig(Path to) throws IOException {
        return copy(configDirectory(), to);
    }

    /** A copy of all files. */
    static Path copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
        return to;
    }

    static Path newDirectory() {
        try {
            return Files.createTempDirectory(Files.createDirectories(Path.of("target")), "service");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stages all files of a release. */
    Map<String, Path> stage(String release, long seed) {
        Map<String, Path> files = ReleaseFixture.write(directory.resolve("files-" + release), seed);
        files.forEach(
                (space, file) -> assertThat(http.stage(release, space, file)).returns(200, Http.Answer::status));
        return files;
    }

    void publish(String release, long seed) {
        stage(release, seed);
        assertThat(http.change("/v1/releases/%s/publish".formatted(release))).returns(200, Http.Answer::status);
    }

    Path store() {
        return directory.resolve("data").resolve("store");
    }

    @Override
    public void close() {
        running.close();
    }
}
