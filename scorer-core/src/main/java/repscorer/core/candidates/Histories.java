package repscorer.core.candidates;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntConsumer;
import repscorer.core.answer.MissingReason;
import repscorer.core.query.Source;
import repscorer.core.request.Entities;
import repscorer.core.request.RequestTrace;
import repscorer.core.store.SpaceVersion;

/** What the history spaces of a release hold for a source. */
final class Histories {

    private Histories() {}

    /** Tells the number of every entity that a history holds for the source; notes where the release lacks the space. */
    static void read(Source.Entities source, String history, RequestTrace trace, IntConsumer each) {
        Optional<SpaceVersion> version = trace.space(history);
        if (version.isEmpty()) {
            trace.notice(
                    "",
                    MissingReason.UNKNOWN_VERSION,
                    "nothing is left out by history: release %s has no %s".formatted(trace.release(), history));
            return;
        }
        Entities.Columns columns = trace.entities().columns(version.get());
        for (Source.Weighted entity : source.entities()) {
            OptionalInt ordinal = version.get().ordinal(entity.id());
            if (ordinal.isPresent()) {
                for (int column : version.get().sparse(ordinal.getAsInt()).columns()) {
                    each.accept(columns.number(column));
                }
            }
        }
    }
}
