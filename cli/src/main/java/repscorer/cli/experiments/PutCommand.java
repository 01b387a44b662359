package repscorer.cli.experiments;

import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import repscorer.cli.console.UserError;
import repscorer.client.ExperimentsClient;
import repscorer.client.ScorerClientException;
import repscorer.wire.ExperimentSourceBody;

/** {@code repscorer experiment put}: puts a document into force. */
@Command(
        name = "put",
        description = "Puts an experiment into force on a running service, checked whole before.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Without --version it replaces the version that is in force at the moment.",
            "Example: repscorer experiment put follow-blend follow-blend.yaml --reason 'half of all units'"
        })
final class PutCommand extends Changing {

    @Parameters(index = "0", paramLabel = "NAME", description = "The experiment's name.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String name;

    @Parameters(index = "1", paramLabel = "FILE", description = "Its document, as a file of config/experiments.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path file;

    @Option(
            names = "--version",
            paramLabel = "VERSION",
            description = "The version it is put in place of, as get tells it; another one is left.")
    private @Nullable String version;

    @Override
    String change(ExperimentsClient client, String why) throws Exception {
        String document;
        try {
            document = Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new UserError("no such file: " + file);
        }
        ExperimentSourceBody now =
                client.put(name, document, version == null ? there(client) : Optional.of(version), why);
        return "%s is in force, version %s".formatted(name, now.version());
    }

    private Optional<String> there(ExperimentsClient client) {
        try {
            return Optional.of(client.read(name).version());
        } catch (ScorerClientException.Refused e) {
            if (Integer.valueOf(404).equals(e.problem().status())) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
