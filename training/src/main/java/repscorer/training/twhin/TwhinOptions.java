package repscorer.training.twhin;

import java.nio.file.Path;
import java.util.Optional;
import repscorer.training.graph.HoldOut;

/**
 * What a run has beside its plan.
 *
 * @param split where the validation edges are, and the test edges that ranks are filtered by; empty for no validation
 * @param checkpoint the file that an interrupted run leaves behind; empty for none
 * @param resume whether to go on from that file
 * @param warmStart earlier vectors to begin with
 */
public record TwhinOptions(
        Optional<HoldOut.Split> split, Optional<Path> checkpoint, boolean resume, Optional<WarmStart> warmStart) {

    public static final TwhinOptions NONE =
            new TwhinOptions(Optional.empty(), Optional.empty(), false, Optional.empty());
}
