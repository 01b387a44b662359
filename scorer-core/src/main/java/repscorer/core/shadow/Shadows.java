package repscorer.core.shadow;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import repscorer.core.answer.Chance;
import repscorer.core.answer.ScoredCandidates;
import repscorer.core.explore.Draws;
import repscorer.core.failure.ScorerException;
import repscorer.core.plan.PlanOverrides;
import repscorer.core.query.CandidateQuery;
import repscorer.core.query.Source;

/**
 * All shadows of one configuration. A request that one is drawn for is answered as ever and handed over; it costs a hash for each shadow
 * of its surface. Safe for concurrent use.
 */
public final class Shadows {

    private static final int SOURCES_SHOWN = 3;

    private final Map<String, List<ShadowTally>> bySurface = new HashMap<>();
    private final List<ShadowTally> all = new ArrayList<>();
    private final Answers answers;
    private final IdleWork idle;
    private final ShadowListener listener;

    /** Answers as the scorer does, without a turn and unheard. */
    @FunctionalInterface
    public interface Answers {

        /** @throws ScorerException where there is none */
        ScoredCandidates answer(CandidateQuery query);
    }

    /** @param shadows whose names differ */
    public Shadows(List<Shadow> shadows, Answers answers, IdleWork idle, ShadowListener listener) {
        this.answers = answers;
        this.idle = idle;
        this.listener = listener;
        for (Shadow shadow : shadows) {
            ShadowTally tally = new ShadowTally(shadow);
            all.add(tally);
            bySurface
                    .computeIfAbsent(shadow.surface(), each -> new ArrayList<>())
                    .add(tally);
        }
    }

    /** Takes note of what was answered, and has the shadows of its surface answer too that are drawn for it. */
    public void answered(CandidateQuery query, ScoredCandidates answer) {
        if (query.dryRun()) {
            return;
        }
        String decisionId = answer.provenance().decisionId();
        for (ShadowTally tally : bySurface.getOrDefault(query.surface(), List.of())) {
            Shadow shadow = tally.shadow;
            if (Draws.of("shadow:" + shadow.name(), decisionId).next() < shadow.share()) {
                idle.offer(() -> compare(tally, query, answer), () -> {
                    tally.drop();
                    listener.dropped(shadow.name());
                });
            }
        }
    }

    public List<ShadowReport> reports() {
        return all.stream().map(ShadowTally::report).toList();
    }

    /** Out of the same release, unless the shadow reads another, and with the same draws. */
    private void compare(ShadowTally tally, CandidateQuery query, ScoredCandidates answer) {
        Shadow shadow = tally.shadow;
        CandidateQuery changed = query.withOverride(
                        "release", answer.provenance().release())
                .withOverride(
                        PlanOverrides.SEED,
                        answer.chance()
                                .map(Chance::seed)
                                .orElse(answer.provenance().decisionId()));
        for (Map.Entry<String, String> override : shadow.overrides().entrySet()) {
            changed = changed.withOverride(override.getKey(), override.getValue());
        }
        try {
            ScoredCandidates other = answers.answer(changed);
            ShadowPair pair = ShadowPair.of(words(query.source()), answer, other);
            tally.add(pair);
            listener.compared(shadow.name(), pair);
        } catch (RuntimeException e) {
            // Whatever it is, nobody waits for it and the next one may do better; ours is told by its kind.
            tally.fail(e instanceof ScorerException ? String.valueOf(e.getMessage()) : e.toString());
            listener.failed(shadow.name());
        }
    }

    private static String words(Source source) {
        return switch (source) {
            case Source.Entities several -> {
                String first = several.entities().stream()
                        .limit(SOURCES_SHOWN)
                        .map(each -> each.id().toString())
                        .collect(Collectors.joining(", "));
                int more = several.entities().size() - SOURCES_SHOWN;
                yield more > 0 ? "%s and %s more".formatted(first, more) : first;
            }
            case Source.Inline vectors -> "vectors";
            case Source.Text text -> "a text";
        };
    }
}
