package repscorer.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import repscorer.analysis.LoggedAnswers.Answer;
import repscorer.analysis.LoggedAnswers.Row;
import repscorer.analysis.offpolicy.LoggedList;
import repscorer.analysis.offpolicy.LoggedList.Choice;
import repscorer.analysis.offpolicy.LoggedList.Option;
import repscorer.analysis.offpolicy.OffPolicy;

/**
 * What another plan would have earned on a log. Immutable.
 *
 * @param answers that were looked at
 * @param unfinished answers that end before what chance reordered ends; they are left out
 * @param value empty where the log cannot tell
 * @param refusal why it cannot
 */
public record PlanEstimate(long answers, long unfinished, Optional<OffPolicy> value, Optional<String> refusal) {

    /*
     * Chance reorders a window of ranks, rank by rank among what is left, and the propensity of each rank says with which probability. So a
     * plan is judged by how it would have ordered the same window: by softmax over its own scores among what was left there. What stands
     * before and behind the window stays, as do ranks that are held: those have propensity 1 in both. The window begins with the first
     * rank whose propensity is below 1; the rank behind the last such one has what was left, so its propensity is 1 too.
     */

    private static final double UNFINISHED_MAX = .5;

    /**
     * The plan that is judged: columns' weights, each column by its distance from its mean over the log in standard deviations.
     *
     * @param temperature of the softmax, in units of that blend; 0 for the best first always
     * @param ranks how many of the first ranks count; 0 for all
     */
    public record Plan(Map<String, Double> weights, double temperature, int ranks) {

        public Plan {
            weights = Map.copyOf(weights);
            if (weights.isEmpty()) {
                throw new IllegalArgumentException("a plan needs a column's weight");
            }
            weights.forEach((column, weight) -> {
                if (!(weight >= 0 && Double.isFinite(weight))) {
                    throw new IllegalArgumentException("a weight must be at least 0: %s=%s".formatted(column, weight));
                }
            });
            if (!(temperature >= 0 && Double.isFinite(temperature))) {
                throw new IllegalArgumentException("temperature must be at least 0: %s".formatted(temperature));
            }
            if (ranks < 0) {
                throw new IllegalArgumentException("ranks must be at least 0: %s".formatted(ranks));
            }
        }
    }

    /** Estimates. */
    public static PlanEstimate of(LoggedAnswers log, Plan plan, double alpha) {
        List<Answer> answers = log.answers();
        List<LoggedList> lists = new ArrayList<>();
        ColumnScales scales = log.scales();
        List<String> names = scales.names();
        List<String> lacked = scales.lacked(names);
        plan.weights().keySet().forEach(scales::mean); // refuses unknown ones
        for (Answer answer : answers) {
            if (!isUnfinished(answer)) {
                lists.add(list(answer, plan, scales, names, lacked));
            }
        }
        long unfinished = answers.size() - (long) lists.size();
        if (lists.isEmpty() || unfinished > UNFINISHED_MAX * answers.size()) {
            return refused(
                    answers.size(),
                    unfinished,
                    String.format(
                            Locale.ROOT,
                            "overlap is too thin: %d of %d answers end before what chance reordered ends, so the log does not say what else"
                                    + " could have stood there; ask for k of explore.after + explore.window at least",
                            unfinished,
                            answers.size()));
        }
        OffPolicy value = OffPolicy.of(lists, alpha);
        Optional<String> refusal = value.overlap().refusal();
        return refusal.isPresent()
                ? refused(answers.size(), unfinished, refusal.orElseThrow())
                : new PlanEstimate(answers.size(), unfinished, Optional.of(value), Optional.empty());
    }

    private static PlanEstimate refused(long answers, long unfinished, String reason) {
        return new PlanEstimate(answers, unfinished, Optional.empty(), Optional.of(reason));
    }

    private static boolean isUnfinished(Answer answer) {
        List<Row> rows = answer.rows();
        return !rows.isEmpty() && rows.getLast().propensity() < 1;
    }

    private static LoggedList list(
            Answer answer, Plan plan, ColumnScales scales, List<String> names, List<String> lacked) {
        List<Row> rows = answer.rows();
        int from = 0;
        int last = -1;
        for (int rank = rows.size() - 1; rank >= 0; rank--) {
            if (rows.get(rank).propensity() < 1) {
                from = rank;
                last = Math.max(last, rank);
            }
        }
        int to = last + 2; // the rank behind has what was left
        double[] scores = rows.stream()
                .mapToDouble(row -> scales.blended(row.columns(), plan.weights()))
                .toArray();
        List<Choice> choices = new ArrayList<>();
        int ranks = plan.ranks() == 0 ? rows.size() : Math.min(plan.ranks(), rows.size());
        for (int rank = 0; rank < ranks; rank++) {
            Row row = rows.get(rank);
            double[] features = scales.features(row.columns(), names, lacked);
            boolean free = rank >= from && rank < to && (row.propensity() < 1 || rank == to - 1);
            if (last < 0 || !free) {
                choices.add(new Choice(1, 1, row.reward(), features, List.of(new Option(1, features))));
                continue;
            }
            List<Integer> left = left(rows, rank, to);
            double[] targets = targets(left, scores, plan.temperature());
            List<Option> options = new ArrayList<>();
            for (int i = 0; i < targets.length; i++) {
                options.add(new Option(
                        targets[i], scales.features(rows.get(left.get(i)).columns(), names, lacked)));
            }
            choices.add(new Choice(row.propensity(), targets[0], row.reward(), features, options));
        }
        return new LoggedList(answer.unit(), choices);
    }

    /** Ranks whose candidates could have stood at {@code rank}, itself first. */
    private static List<Integer> left(List<Row> rows, int rank, int to) {
        List<Integer> left = new ArrayList<>();
        for (int other = rank; other < to; other++) {
            if (rows.get(other).propensity() < 1 || other == to - 1) {
                left.add(other);
            }
        }
        return left;
    }

    private static double[] targets(List<Integer> left, double[] scores, double temperature) {
        double best = left.stream().mapToDouble(rank -> scores[rank]).max().orElse(0);
        double[] targets = left.stream()
                .mapToDouble(rank -> temperature == 0
                        ? (scores[rank] == best ? 1 : 0)
                        : Math.exp((scores[rank] - best) / temperature))
                .toArray();
        double sum = 0;
        for (double target : targets) {
            sum += target;
        }
        for (int i = 0; i < targets.length; i++) {
            targets[i] /= sum;
        }
        return targets;
    }
}
