package repscorer.analysis.offpolicy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.apache.commons.statistics.distribution.NormalDistribution;
import repscorer.analysis.offpolicy.LoggedList.Choice;
import repscorer.analysis.statistics.ArmEstimate;
import repscorer.analysis.statistics.Interval;
import repscorer.analysis.statistics.PairMoments;

/**
 * The value of a policy on the log of another, by three estimators. Immutable.
 *
 * @param log what the log's own policy earned by one answer
 * @param weighted inverse propensity scores: without bias, and noisy
 * @param selfNormalised the same by the weights' sum: a little bias, much less noise
 * @param doublyRobust a model of rewards, with what it misses by the weights, self-normalised too: quieter the better the model is
 */
public record OffPolicy(
        Overlap overlap, PolicyValue log, PolicyValue weighted, PolicyValue selfNormalised, PolicyValue doublyRobust) {

    /*
     * Ranks are choices one after another, so the weight at rank k is w_k = Π_{j ≤ k} target_j / propensity_j: rewards may depend on what
     * stands above, not on what stands below (McInerney et al., KDD 2020).
     *
     *     weighted         1/n Σ_i Σ_k w_ik r_ik                               Horvitz and Thompson (1952)
     *     self-normalised  1/n Σ_k n_k · Σ_i w_ik r_ik / Σ_i w_ik              Swaminathan and Joachims, NIPS 2015
     *     doubly robust    1/n Σ_i V_i1 + 1/n Σ_k n_k · Σ_i w_ik (r_ik + V_i,k+1 − Q(a_ik)) / Σ_i w_ik
     *                                                        Dudík et al., ICML 2011; in ranks Kiyohara et al., WSDM 2022
     *
     * with n_k the answers that are as long, Q and V what RewardModel expects from rank k on. The model of an answer is learnt from the other half of the
     * units, so its mistakes are independent of the answer's reward (cross-fitting, Chernozhukov et al. 2018). Errors are by units.
     */

    private static final int FOLDS = 2;

    /**
     * Estimates; O(choices · (options · features + features²)).
     *
     * @param alpha what the confidence lacks to 1
     * @throws IllegalArgumentException for no lists
     */
    public static OffPolicy of(List<LoggedList> lists, double alpha) {
        if (lists.isEmpty()) {
            throw new IllegalArgumentException("nothing can be estimated from an empty log");
        }
        RewardModel[] models = new RewardModel[FOLDS];
        for (int fold = 0; fold < FOLDS; fold++) {
            int of = fold;
            models[fold] = RewardModel.of(
                    lists.stream().filter(list -> fold(list) == of).toList());
        }
        Ranks ranks = new Ranks(lists, models);
        Estimates log = new Estimates();
        Estimates weighted = new Estimates();
        Estimates normalised = new Estimates();
        Estimates robust = new Estimates();
        for (LoggedList list : lists) {
            double[] missed = models[1 - fold(list)].missed(list);
            double weight = 1;
            double plain = 0;
            double simple = 0;
            double residual = 0;
            double both = models[1 - fold(list)].expected(list);
            for (int k = 0; k < list.choices().size(); k++) {
                Choice choice = list.choices().get(k);
                weight *= choice.target() / choice.propensity();
                plain += choice.reward();
                simple += weight * choice.reward();
                residual += ranks.get(k).rewards.residual(weight, choice.reward());
                both += ranks.get(k).missed.residual(weight, missed[k]);
            }
            log.add(list.unit(), plain);
            weighted.add(list.unit(), simple);
            normalised.add(list.unit(), residual);
            robust.add(list.unit(), both);
        }
        return new OffPolicy(
                ranks.overlap(),
                log.value(alpha, 0),
                weighted.value(alpha, 0),
                normalised.value(alpha, ranks.sum(rank -> rank.rewards.mean())),
                robust.value(alpha, ranks.sum(rank -> rank.missed.mean())));
    }

    private static int fold(LoggedList list) {
        int hash = list.unit().hashCode() * 0x9E3779B9;
        return (hash >>> 16) & 1;
    }

    /** Values of answers, summed by unit. */
    private static final class Estimates {

        private final Map<String, double[]> units = new HashMap<>();

        void add(String unit, double value) {
            double[] sums = units.computeIfAbsent(unit, key -> new double[2]);
            sums[0]++;
            sums[1] += value;
        }

        PolicyValue value(double alpha, double shift) {
            PairMoments moments = new PairMoments();
            units.values().forEach(sums -> moments.add(sums[0], sums[1]));
            ArmEstimate mean = ArmEstimate.ratio(moments);
            double error = Math.sqrt(mean.variance());
            double value = mean.value() + shift;
            double quantile = NormalDistribution.of(0, 1).inverseSurvivalProbability(alpha / 2);
            return new PolicyValue(value, error, Interval.around(value, quantile * error));
        }
    }

    /** A weighted mean, and how far values lie from it. */
    private static final class Weighted {

        private long count;
        private double weights;
        private double squares;
        private double values;

        void add(double weight, double value) {
            count++;
            weights += weight;
            squares += weight * weight;
            values += weight * value;
        }

        double mean() {
            return weights == 0 ? 0 : values / weights;
        }

        /** What one value moves the mean by, times the count. */
        double residual(double weight, double value) {
            return weights == 0 ? 0 : weight * (value - mean()) * count / weights;
        }
    }

    /** Sums over the lists that are long enough to have a rank. */
    private static final class Rank {
        private final Weighted rewards = new Weighted();
        private final Weighted missed = new Weighted();
    }

    /** Sums over lists, rank by rank. */
    private static final class Ranks {

        private final long lists;
        private final List<Rank> ranks = new ArrayList<>();
        private boolean explored;

        Ranks(List<LoggedList> all, RewardModel[] models) {
            lists = all.size();
            for (LoggedList list : all) {
                double[] missed = models[1 - fold(list)].missed(list);
                double weight = 1;
                for (int k = 0; k < list.choices().size(); k++) {
                    Choice choice = list.choices().get(k);
                    explored |= choice.propensity() < 1;
                    if (k == ranks.size()) {
                        ranks.add(new Rank());
                    }
                    Rank rank = ranks.get(k);
                    weight *= choice.target() / choice.propensity();
                    rank.rewards.add(weight, choice.reward());
                    rank.missed.add(weight, missed[k]);
                }
            }
        }

        Rank get(int rank) {
            return ranks.get(rank);
        }

        double sum(ToDoubleFunction<Rank> mean) {
            double sum = 0;
            for (Rank rank : ranks) {
                sum += mean.applyAsDouble(rank) * rank.rewards.count / lists;
            }
            return sum;
        }

        Overlap overlap() {
            double effective = lists;
            double mean = 1;
            double error = 0;
            for (Rank rank : ranks) {
                Weighted sums = rank.rewards;
                double ofRank = sums.squares == 0 ? 0 : sums.weights * sums.weights / sums.squares;
                effective = Math.min(effective, ofRank * lists / sums.count);
                double average = sums.weights / sums.count;
                if (Math.abs(average - 1) > Math.abs(mean - 1)) {
                    mean = average;
                    error = Math.sqrt(Math.max(0, sums.squares / sums.count - average * average) / sums.count);
                }
            }
            return new Overlap(lists, effective, mean, error, explored);
        }
    }
}
