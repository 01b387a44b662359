package repscorer.core.shadow;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import repscorer.core.answer.ScoredCandidate;
import repscorer.core.answer.ScoredCandidates;
import repscorer.core.drift.RankOverlap;
import repscorer.core.entity.EntityId;

/**
 * What was answered to one request beside what a shadow would have answered.
 *
 * @param decisionId of what was answered
 * @param source in words
 * @param overlap the share of the best k that both have
 * @param rankBiasedOverlap of the best k, extrapolated, p = 0.9
 * @param scoreShift the mean of the shadow's score less that which was answered, of candidates that both have
 * @param latencyRatio the shadow's time by that of the answer
 * @param live the best that were answered, {@value #SHOWN} at most
 * @param shadow the best of the shadow's, likewise
 */
public record ShadowPair(
        String decisionId,
        String source,
        double overlap,
        double rankBiasedOverlap,
        OptionalDouble scoreShift,
        double latencyRatio,
        List<EntityId> live,
        List<EntityId> shadow) {

    public static final int SHOWN = 10;

    private static final String TOTAL = "total";

    public ShadowPair {
        live = List.copyOf(live);
        shadow = List.copyOf(shadow);
    }

    static ShadowPair of(String source, ScoredCandidates answer, ScoredCandidates other) {
        List<EntityId> live = ids(answer);
        List<EntityId> shadow = ids(other);
        int k = answer.k();
        boolean nothing = live.isEmpty() && shadow.isEmpty(); // agrees
        return new ShadowPair(
                answer.provenance().decisionId(),
                source,
                nothing ? 1 : RankOverlap.overlap(live, shadow, k),
                nothing ? 1 : RankOverlap.biased(live, shadow, k),
                shift(answer, other),
                micros(other) / (double) micros(answer),
                live.subList(0, Math.min(SHOWN, live.size())),
                shadow.subList(0, Math.min(SHOWN, shadow.size())));
    }

    private static List<EntityId> ids(ScoredCandidates answer) {
        return answer.candidates().stream().map(ScoredCandidate::id).toList();
    }

    private static long micros(ScoredCandidates answer) {
        return Math.max(1, answer.provenance().micros().getOrDefault(TOTAL, 1L));
    }

    private static OptionalDouble shift(ScoredCandidates answer, ScoredCandidates other) {
        Map<EntityId, Double> scores = new HashMap<>();
        answer.candidates().forEach(candidate -> scores.put(candidate.id(), candidate.score()));
        return other.candidates().stream()
                .filter(candidate -> scores.containsKey(candidate.id()))
                .mapToDouble(candidate -> candidate.score() - scores.getOrDefault(candidate.id(), Double.NaN))
                .average();
    }
}
