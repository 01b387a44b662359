package repscorer.api.experiments;

import java.util.List;
import java.util.Locale;
import repscorer.api.changes.Change;
import repscorer.wire.HistoryEntryBody;

/** Writes what was changed as wire records. */
public final class HistoryBodies {

    private HistoryBodies() {}

    public static List<HistoryEntryBody> of(List<Change> changes) {
        return changes.stream().map(HistoryBodies::of).toList();
    }

    private static HistoryEntryBody of(Change change) {
        return new HistoryEntryBody(
                change.at().toString(),
                change.author(),
                change.reason(),
                change.subject().name().toLowerCase(Locale.ROOT),
                change.name(),
                change.part().isEmpty() ? null : change.part(),
                change.before().orElse(null),
                change.after().orElse(null),
                change.refusal().isEmpty() ? "taken" : "refused",
                change.refusal().orElse(null));
    }
}
