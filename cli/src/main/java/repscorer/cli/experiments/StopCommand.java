package repscorer.cli.experiments;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import repscorer.client.ExperimentsClient;

/** {@code repscorer experiment stop}. */
@Command(
        name = "stop",
        description = "Answers the units of a variant by the plan of the surface itself, until it is resumed.",
        mixinStandardHelpOptions = true)
final class StopCommand extends Changing {

    @Parameters(index = "0", paramLabel = "NAME", description = "The experiment's name.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String name;

    @Parameters(index = "1", paramLabel = "VARIANT", description = "The variant's name.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String variant;

    @Override
    String change(ExperimentsClient client, String why) {
        client.stop(name, variant, true, why);
        return "%s of %s is stopped".formatted(variant, name);
    }
}
