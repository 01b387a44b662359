package repscorer.core.complete;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import repscorer.core.embedding.TextSpace;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.failure.ScorerException.NotReady;
import repscorer.core.store.Snapshot;
import repscorer.core.store.SpaceVersion;
import repscorer.core.text.Completion;

/** Finds entities of one snapshot by the beginnings of their names. */
public final class Completer {

    public static final int K_MAX = 100;

    /** What anybody types. */
    public static final int PREFIX_MAX = 1_000;

    private static final Comparator<Found> ORDER = Comparator.<Found>comparingInt(each -> each.match.errors())
            .thenComparing(each -> each.match.inner())
            .thenComparingInt(each -> each.match.length())
            .thenComparing(Found::id);

    private Completer() {}

    private record Found(EntityId id, SpaceVersion version, Completion.Match match) {}

    /**
     * The best k, from all spaces of names that the snapshot has. O(k log names), and some hundred steps more where the prefix has an
     * error.
     *
     * @param kind empty for all kinds
     * @throws repscorer.core.failure.ScorerException.Invalid for a k or a prefix out of bounds
     * @throws repscorer.core.failure.ScorerException.NotReady where the snapshot has no names, or none of the kind
     */
    public static List<Completed> complete(Snapshot snapshot, String prefix, Optional<EntityKind> kind, int k) {
        if (k < 1 || k > K_MAX) {
            throw new Invalid("k-out-of-range", "k", "k must be 1 to %s: %s".formatted(K_MAX, k));
        }
        if (prefix.length() > PREFIX_MAX) {
            throw new Invalid(
                    "prefix-too-long",
                    "prefix",
                    "a prefix has at most %s characters: %s".formatted(PREFIX_MAX, prefix.length()));
        }
        List<SpaceVersion> spaces = snapshot.spaces().stream()
                .filter(version -> version.space() instanceof TextSpace text
                        && text.completed()
                        && kind.map(text.kind()::equals).orElse(true))
                .toList();
        if (spaces.isEmpty()) {
            throw new NotReady(
                    "space-not-live",
                    "release %s has no names%s: no space of texts that are completed"
                            .formatted(
                                    snapshot.release(),
                                    kind.map(each -> " of kind " + each).orElse("")));
        }
        List<Found> found = new ArrayList<>();
        for (SpaceVersion version : spaces) {
            for (Completion.Match match : version.complete(prefix, k)) {
                found.add(new Found(version.id(match.ordinal()), version, match));
            }
        }
        found.sort(ORDER);
        List<Completed> best = new ArrayList<>();
        Set<EntityId> seen = new HashSet<>();
        for (Found each : found) {
            if (best.size() < k && seen.add(each.id)) {
                best.add(new Completed(each.id, each.version.text(each.match.ordinal()), each.match.errors()));
            }
        }
        return best;
    }
}
