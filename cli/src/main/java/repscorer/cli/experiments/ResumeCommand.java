package repscorer.cli.experiments;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import repscorer.client.ExperimentsClient;

/** {@code repscorer experiment resume}. */
@Command(
        name = "resume",
        description = "Lets a stopped variant go on; what a guard-rail stopped is watched anew.",
        mixinStandardHelpOptions = true)
final class ResumeCommand extends Changing {

    @Parameters(index = "0", paramLabel = "NAME", description = "The experiment's name.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String name;

    @Parameters(index = "1", paramLabel = "VARIANT", description = "The variant's name.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String variant;

    @Override
    String change(ExperimentsClient client, String why) {
        client.stop(name, variant, false, why);
        return "%s of %s goes on".formatted(variant, name);
    }
}
