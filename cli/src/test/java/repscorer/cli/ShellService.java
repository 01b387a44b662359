package repscorer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import repscorer.api.RunningService;
import repscorer.api.ScorerApplication;
import repscorer.api.ServiceOptions;
import repscorer.testing.CommandRun;

/** A service, and commands that are run against it with its admin token. */
final class ShellService implements AutoCloseable {

    private static final String TOKEN = "token-of-the-tests";

    private final RunningService service;

    private ShellService(RunningService service) {
        this.service = service;
    }

    static ShellService start(Path config, Path data) {
        return new ShellService(ScorerApplication.start(ServiceOptions.defaults()
                .withConfigDirectory(config)
                .withDataDirectory(data)
                .withEnvironment(Map.of())
                .withAdminToken(TOKEN)
                .withPort(0)));
    }

    /**
     * One of a surface {@code near} over a space {@code user} of four values, in a directory.
     *
     * @param settings what {@code scorer.yaml} holds
     * @param spaces further ones of the model, as the file has them
     */
    static ShellService ofUsers(Path directory, String settings, String... spaces) throws IOException {
        Path config = directory.resolve("config");
        Files.createDirectories(config.resolve("spaces"));
        Files.createDirectories(config.resolve("surfaces"));
        Files.writeString(config.resolve("scorer.yaml"), settings);
        StringBuilder model = new StringBuilder("""
                model: m
                form: dense
                dimension: 4
                metric: cosine
                engine: exact
                spaces:
                  - {name: user, kind: user, required: true}
                """);
        for (String space : spaces) {
            model.append("  - ").append(space).append('\n');
        }
        Files.writeString(config.resolve("spaces/m.yaml"), model);
        Files.writeString(config.resolve("surfaces/s.yaml"), """
                surface: near
                kinds: [user]
                columns:
                  - {name: m, form: dense, sources: {user: user}, candidates: {user: user}, similarity: cosine, weight: 1,
                     retrieve: 50}
                """);
        return start(config, directory.resolve("data"));
    }

    URI uri() {
        return service.uri();
    }

    CommandRun run(Object... args) {
        List<Object> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--url", service.uri(), "--token", TOKEN));
        return CommandRun.of(given -> Main.run(List.of(), given), all.toArray());
    }

    /** What a command printed that has to succeed. */
    String done(Object... args) {
        CommandRun run = run(args);
        assertThat(run.exit()).as(run.err()).isZero();
        // The service logs to the same output.
        return run.out()
                .lines()
                .filter(line -> !line.matches("\\d{4}-\\d\\d-\\d\\dT\\S+ (INFO|WARN).*"))
                .collect(Collectors.joining("\n"));
    }

    @Override
    public void close() {
        service.close();
    }
}
