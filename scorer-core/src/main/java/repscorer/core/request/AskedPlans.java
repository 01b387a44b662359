package repscorer.core.request;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.store.Snapshot;

/**
 * Plans with the columns that a source and a release can be asked by. What becomes of a surface's own plan is made once for each
 * release, so that equal requests have the same plan, by identity. Safe for concurrent use after the last {@link #add}.
 */
final class AskedPlans {

    private final Map<ScoringPlan, Own> own = new IdentityHashMap<>();

    private record Own(
            ScoringPlan withoutTexts,
            AtomicReference<@Nullable Known> ofTexts,
            AtomicReference<@Nullable Known> ofOthers) {}

    private record Known(Snapshot snapshot, ScoringPlan plan) {}

    /** A surface's own plan. */
    void add(ScoringPlan plan) {
        own.put(plan, new Own(plan.withoutTexts(), new AtomicReference<>(), new AtomicReference<>()));
    }

    /** @param text whether the source is a text */
    ScoringPlan of(ScoringPlan plan, boolean text, Snapshot snapshot) {
        Own known = own.get(plan);
        if (known == null) {
            return of(text ? plan : plan.withoutTexts(), snapshot);
        }
        AtomicReference<@Nullable Known> place = text ? known.ofTexts : known.ofOthers;
        Known last = place.get();
        if (last == null || last.snapshot != snapshot) {
            last = new Known(snapshot, of(text ? plan : known.withoutTexts, snapshot));
            place.set(last);
        }
        return last.plan;
    }

    private static ScoringPlan of(ScoringPlan plan, Snapshot snapshot) {
        return plan.optional().isEmpty()
                ? plan
                : plan.withoutAbsent(space -> snapshot.space(space).isPresent());
    }
}
