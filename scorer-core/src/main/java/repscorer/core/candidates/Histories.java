package repscorer.core.candidates;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntConsumer;
import repscorer.core.answer.MissingReason;
import repscorer.core.entity.EntityId;
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
        for (Source.Weighted entity : source.entities()) {
            row(version.get(), trace.entities(), entity.id(), each);
        }
    }

    /** Tells the number of every entity that a row of a space has an entry for; none where there is no such row. */
    static void row(SpaceVersion version, Entities entities, EntityId of, IntConsumer each) {
        OptionalInt ordinal = version.ordinal(of);
        if (ordinal.isPresent()) {
            Entities.Columns columns = entities.columns(version);
            for (int column : version.sparse(ordinal.getAsInt()).columns()) {
                each.accept(columns.number(column));
            }
        }
    }
}
