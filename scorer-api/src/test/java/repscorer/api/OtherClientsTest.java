package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Python and the TypeScript client against a running service, by the test runners of their languages. */
class OtherClientsTest {

    private static final Path CLIENTS = TestService.configDirectory()
            .resolveSibling("clients")
            .toAbsolutePath()
            .normalize();

    @TempDir
    static Path directory;

    private static TestService service;
    private static TestService secure;
    private static TestCertificate certificate;

    @BeforeAll
    static void start() throws Exception {
        service = TestService.start(
                directory.resolve("plain"), options -> options.withSetting("decisions.log", "decisions"));
        service.publish("one", 1);
        service.stage("two", 2);
        assertThat(service.http.change("/v1/releases/two/publish?stage=true")).returns(200, Http.Answer::status);
        certificate = TestCertificate.make(Files.createDirectories(directory.resolve("secure")));
        secure = TestService.start(directory.resolve("secure"), certificate.setting());
    }

    @AfterAll
    static void stop() {
        service.close();
        secure.close();
    }

    @Test
    void thePythonClientDoesWhatItsTestsSay() throws Exception {
        List<String> python = List.of("python3", "-c", "import sys; sys.exit(sys.version_info < (3, 10))");
        assumeTrue(runs(python), "there is no python3 of 3.10 or newer: the Python client was not tested");
        Path own = CLIENTS.resolve("python");
        String told = run(
                own,
                Map.of("PYTHONPATH", "src", "PYTHONDONTWRITEBYTECODE", "1"),
                "python3",
                "-W",
                "error",
                "-m",
                "unittest",
                "discover",
                "-s",
                "tests",
                "-t",
                ".",
                "-v");
        assertThat(told).contains("test_service.").doesNotContain("skipped");
    }

    @Test
    void theTypeScriptClientDoesWhatItsTestsSay() throws Exception {
        List<String> node = List.of("node", "-e", "process.exit(+(parseInt(process.versions.node) < 20))");
        assumeTrue(runs(node), "there is no node of 20 or newer: the TypeScript client was not tested");
        String told = run(
                CLIENTS.resolve("typescript"),
                Map.of("NODE_EXTRA_CA_CERTS", certificate.chain().toString()),
                "node",
                "--test",
                "--test-reporter=spec",
                "tests/");
        assertThat(told).contains("TLS is spoken").contains("fail 0").doesNotContain("SKIP");
    }

    @Test
    void thePythonClientKeepsItsTypes() throws Exception {
        assumeTrue(runs(List.of("mypy", "--version")), "there is no mypy on the path: Python's types were not checked");
        assertThat(run(
                        CLIENTS.resolve("python"),
                        Map.of("MYPY_CACHE_DIR", directory.resolve("mypy").toString()),
                        "mypy",
                        "--strict",
                        "src",
                        "tests"))
                .contains("no issues found");
    }

    @Test
    void theTypeScriptClientKeepsItsTypes() throws Exception {
        assumeTrue(
                runs(List.of("tsc", "--version")), "there is no tsc on the path: TypeScript's types were not checked");
        run(CLIENTS.resolve("typescript"), Map.of(), "tsc", "-p", ".");
    }

    private static boolean runs(List<String> command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static String run(Path from, Map<String, String> more, String... command) throws Exception {
        Path output = Files.createTempFile(directory, "told", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(from.toFile()).redirectErrorStream(true);
        builder.redirectOutput(output.toFile()).environment().putAll(more);
        builder.environment()
                .putAll(Map.of(
                        "REPSCORER_URL", service.running.uri().toString(),
                        "REPSCORER_ADMIN_TOKEN", Http.TOKEN,
                        "REPSCORER_TLS_URL", secure.running.uri().toString(),
                        "REPSCORER_TLS_CERTIFICATE", certificate.chain().toString()));
        Process process = builder.start();
        boolean ended = process.waitFor(120, TimeUnit.SECONDS);
        process.destroyForcibly();
        String told = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(ended).as("it ends in time: " + told).isTrue();
        assertThat(process.exitValue()).as(told).isZero();
        return told;
    }
}
