package repscorer.analysis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import repscorer.analysis.ExperimentReport.Interleaved;
import repscorer.analysis.statistics.ArmEstimate;
import repscorer.analysis.statistics.CreditShare;
import repscorer.analysis.statistics.PairMoments;
import repscorer.decisions.Decision;
import repscorer.decisions.Outcome;

/** Credit of answers that variants share: an outcome counts its candidate's credit for its candidate's team. Not safe for concurrent use. */
final class InterleavingTable {

    /** By unit, then kind, then team. */
    private final Map<String, Map<String, Map<String, Double>>> credits = new HashMap<>();

    private final Map<String, Integer> answers = new HashMap<>();
    private final Set<String> teams = new TreeSet<>();

    void add(String unit, Decision decision, List<Outcome> outcomes) {
        Map<String, Decision.Shown> shownOf = new HashMap<>();
        for (Decision.Shown shown : decision.candidates()) {
            shown.team().ifPresent(team -> {
                shownOf.put(shown.candidate(), shown);
                teams.add(team);
            });
        }
        answers.merge(unit, 1, Integer::sum);
        for (Outcome outcome : outcomes) {
            Decision.Shown shown = shownOf.get(outcome.candidate());
            if (shown != null) {
                credits.computeIfAbsent(unit, key -> new HashMap<>())
                        .computeIfAbsent(outcome.kind(), key -> new HashMap<>())
                        .merge(shown.team().orElseThrow(), outcome.value() * shown.credit(), Double::sum);
            }
        }
    }

    Set<String> teams() {
        return teams;
    }

    /** The share of each other team beside the control. */
    List<Interleaved> shares(String control, String kind, double alpha) {
        List<Interleaved> shares = new ArrayList<>();
        long all = answers.values().stream().mapToLong(each -> each).sum();
        for (String second : teams) {
            if (second.equals(control)) {
                continue;
            }
            PairMoments shared = new PairMoments();
            PairMoments perAnswer = new PairMoments();
            answers.forEach((unit, count) -> {
                Map<String, Double> credit = Optional.ofNullable(credits.get(unit))
                        .map(kinds -> kinds.get(kind))
                        .orElse(Map.of());
                double ofSecond = credit.getOrDefault(second, 0.0);
                double both = ofSecond + credit.getOrDefault(control, 0.0);
                shared.add(both, ofSecond);
                perAnswer.add(count, both);
            });
            CreditShare share = CreditShare.of(shared, alpha, all);
            shares.add(new Interleaved(second, all, share, abTimes(ArmEstimate.ratio(perAnswer), share)));
        }
        return shares;
    }

    /*
     * A variant that is better by the part d moves the share by d / 4, and an A/B test of two halves tells d with twice the relative error of
     * outcomes per answer. What is needed grows with the square of the errors.
     */
    private static double abTimes(ArmEstimate perAnswer, CreditShare share) {
        double times = 2 * Math.sqrt(perAnswer.variance()) / perAnswer.value() / (4 * share.error());
        return Double.isFinite(times) ? times * times : 0;
    }
}
