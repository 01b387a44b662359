package repscorer.api.align;

import java.util.Map;
import repscorer.core.align.Alignment;
import repscorer.core.align.Alignment.Fit;
import repscorer.core.align.Alignment.Quality;
import repscorer.core.align.AlignmentFile;
import repscorer.core.align.Coordinates;
import repscorer.wire.AlignmentBody;
import repscorer.wire.AlignmentBody.CoordinatesBody;
import repscorer.wire.AlignmentBody.FitBody;
import repscorer.wire.AlignmentBody.QualityBody;
import repscorer.wire.AlignmentsResponse;

/** Writes alignments as wire records. */
public final class AlignmentBodies {

    private AlignmentBodies() {}

    static AlignmentsResponse of(String release, Map<String, Alignment> alignments) {
        return new AlignmentsResponse(
                release, alignments.values().stream().map(AlignmentBodies::of).toList());
    }

    public static AlignmentBody of(Alignment alignment) {
        return new AlignmentBody(
                AlignmentFile.name(alignment),
                alignment.model(),
                of(alignment.from()),
                of(alignment.to()),
                alignment.method().word(),
                alignment.shared(),
                alignment.pairs(),
                alignment.heldOut(),
                alignment.seed(),
                alignment.forward().values(),
                alignment.fits().stream().map(AlignmentBodies::of).toList());
    }

    private static CoordinatesBody of(Coordinates side) {
        return new CoordinatesBody(side.release(), side.training().orElse(null), side.versions());
    }

    private static FitBody of(Fit fit) {
        return new FitBody(fit.method().word(), of(fit.forward()), of(fit.backward()));
    }

    private static QualityBody of(Quality quality) {
        return new QualityBody(quality.cosine(), quality.recall());
    }
}
