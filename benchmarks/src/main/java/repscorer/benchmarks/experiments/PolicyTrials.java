package repscorer.benchmarks.experiments;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import repscorer.analysis.offpolicy.LoggedList;
import repscorer.analysis.offpolicy.LoggedList.Choice;
import repscorer.analysis.offpolicy.LoggedList.Option;
import repscorer.analysis.offpolicy.OffPolicy;
import repscorer.analysis.offpolicy.PolicyValue;
import repscorer.testing.SimulatedRankings;

/** What one plan would earn, estimated on the logs of another again and again; what it earns is known. */
final class PolicyTrials {

    private static final int CANDIDATES = 4;
    private static final double TEMPERATURE = 1;
    private static final double[] LOGGED = {.7, .3};
    private static final double[] WANTED = {.3, 1};
    private static final int ANSWERS = 3_000;
    private static final double ALPHA = .05;

    private PolicyTrials() {}

    /**
     * Of one estimator.
     *
     * @param covered how often its interval of 95 % held the truth
     * @param error root of the mean squared distance from the truth
     */
    record Score(double covered, double error) {}

    /** @param truth what the plan earns by an answer */
    record Scores(double truth, Score weighted, Score selfNormalised, Score doublyRobust) {}

    static Scores run(RandomGenerator random, int runs, int truthAnswers) {
        double truth = SimulatedRankings.truth(random, CANDIDATES, WANTED, TEMPERATURE, truthAnswers);
        Tally weighted = new Tally(truth);
        Tally normalised = new Tally(truth);
        Tally robust = new Tally(truth);
        for (int run = 0; run < runs; run++) {
            List<LoggedList> log = new ArrayList<>();
            for (int i = 0; i < ANSWERS; i++) {
                log.add(list("unit-" + i, SimulatedRankings.draw(random, CANDIDATES, LOGGED, TEMPERATURE)));
            }
            OffPolicy estimates = OffPolicy.of(log, ALPHA);
            if (estimates.overlap().refusal().isPresent()) {
                throw new IllegalStateException(estimates.overlap().refusal().orElseThrow());
            }
            weighted.add(estimates.weighted());
            normalised.add(estimates.selfNormalised());
            robust.add(estimates.doublyRobust());
        }
        return new Scores(truth, weighted.score(), normalised.score(), robust.score());
    }

    private static LoggedList list(String unit, SimulatedRankings.Answer answer) {
        List<Choice> choices = new ArrayList<>();
        for (int rank = 0; rank < CANDIDATES; rank++) {
            double[] targets = SimulatedRankings.probabilities(answer.columns(), rank, WANTED, TEMPERATURE);
            List<Option> options = new ArrayList<>();
            for (int i = rank; i < CANDIDATES; i++) {
                options.add(new Option(targets[i], answer.columns()[i]));
            }
            choices.add(new Choice(
                    answer.propensities()[rank],
                    targets[rank],
                    answer.values()[rank],
                    answer.columns()[rank],
                    options));
        }
        return new LoggedList(unit, choices);
    }

    private static final class Tally {

        private final double truth;
        private int runs;
        private int covered;
        private double squares;

        Tally(double truth) {
            this.truth = truth;
        }

        void add(PolicyValue value) {
            runs++;
            covered += value.interval().contains(truth) ? 1 : 0;
            squares += (value.value() - truth) * (value.value() - truth);
        }

        Score score() {
            return new Score(covered / (double) runs, Math.sqrt(squares / runs));
        }
    }
}
