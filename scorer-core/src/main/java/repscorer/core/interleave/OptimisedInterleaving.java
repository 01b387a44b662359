package repscorer.core.interleave;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hipparchus.exception.MathRuntimeException;
import org.hipparchus.optim.MaxIter;
import org.hipparchus.optim.linear.LinearConstraint;
import org.hipparchus.optim.linear.LinearConstraintSet;
import org.hipparchus.optim.linear.LinearObjectiveFunction;
import org.hipparchus.optim.linear.NonNegativeConstraint;
import org.hipparchus.optim.linear.Relationship;
import org.hipparchus.optim.linear.SimplexSolver;
import org.hipparchus.optim.nonlinear.scalar.GoalType;
import org.jspecify.annotations.Nullable;
import repscorer.core.explore.Draws;

/**
 * Interleaves so that each list tells as much as one list can, while who clicks at random prefers neither. Of the first
 * {@value #DEPTH_MAX} places, or as many as both rankings have; what follows is drafted and credited to nobody. For one list and one thread.
 */
final class OptimisedInterleaving<T> {

    /*
     * F. Radlinski, N. Craswell: Optimized Interleaving for Online Retrieval Evaluation. WSDM 2013.
     *
     * A list is allowed where each place has the best of one ranking that stands not before it: then every beginning of it is a
     * beginning of the one ranking and one of the other, together. What is done with a thing credits the ranking that has it higher, by
     * as many ranks; what a ranking lacks, or has below the places that are looked at, counts as next below them. Of all ways to draw
     * among allowed lists a linear program takes the one
     *
     *   whose credit, first's less second's, is 0 at every place on average, so that clicks at any place that look at nothing favour
     *   neither;
     *   whose sensitivity is greatest on average: the entropy of who wins a click that falls on place i in proportion to 1/i, times
     *   the probability that anybody does.
     *
     * A ranking that ends sooner ends the places that are looked at, as behind it one team alone would be credited. Where there is no
     * such way, which has not been seen otherwise, teams are drafted.
     */

    static final int DEPTH_MAX = 8;

    private final List<T> first;
    private final List<T> second;
    private final int depth;
    private final Map<T, Integer> credits = new HashMap<>();
    private final List<List<T>> lists = new ArrayList<>();

    private OptimisedInterleaving(List<T> first, List<T> second, int depth) {
        this.first = first;
        this.second = second;
        this.depth = depth;
        Map<T, Integer> ranks = ranks(second);
        Map<T, Integer> ofFirst = ranks(first);
        ofFirst.forEach((thing, rank) -> credits.put(thing, ranks.getOrDefault(thing, depth) - rank));
        ranks.forEach((thing, rank) -> credits.put(thing, rank - ofFirst.getOrDefault(thing, depth)));
        addAllowed(new ArrayList<>(), 0, 0);
    }

    /** One way to draw among the allowed lists. */
    @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
    record Lottery<T>(List<List<T>> lists, double[] probabilities) {}

    static <T> List<Pick<T>> of(List<T> first, List<T> second, int k, Draws draws) {
        int depth = Math.min(Math.min(DEPTH_MAX, k), Math.min(first.size(), second.size()));
        OptimisedInterleaving<T> interleaving = new OptimisedInterleaving<>(first, second, depth);
        double @Nullable [] probabilities = interleaving.probabilities();
        if (probabilities == null) {
            return TeamDraft.of(first, second, k, draws);
        }
        List<Pick<T>> picks = interleaving.draw(probabilities, draws);
        Remaining<T> remaining = new Remaining<>(first, second);
        picks.forEach(pick -> remaining.take(pick.thing()));
        List<Pick<T>> all = new ArrayList<>(picks);
        TeamDraft.draft(remaining, k, draws, all);
        for (int i = picks.size(); i < all.size(); i++) {
            Pick<T> drafted = all.get(i);
            all.set(
                    i,
                    new Pick<>(drafted.thing(), drafted.from(), drafted.rank(), Pick.NEITHER, 0, drafted.propensity()));
        }
        return all;
    }

    /** The lottery over the first places of two rankings; empty lists where there is none. */
    static <T> Lottery<T> lottery(List<T> first, List<T> second, int depth) {
        OptimisedInterleaving<T> interleaving = new OptimisedInterleaving<>(first, second, depth);
        double @Nullable [] probabilities = interleaving.probabilities();
        return probabilities == null
                ? new Lottery<>(List.of(), new double[0])
                : new Lottery<>(interleaving.lists, probabilities);
    }

    private Map<T, Integer> ranks(List<T> ranking) {
        Map<T, Integer> ranks = new HashMap<>();
        for (int i = 0; i < Math.min(depth, ranking.size()); i++) {
            ranks.put(ranking.get(i), i);
        }
        return ranks;
    }

    private void addAllowed(List<T> list, int i, int j) {
        int a = i;
        while (a < first.size() && list.contains(first.get(a))) {
            a++;
        }
        int b = j;
        while (b < second.size() && list.contains(second.get(b))) {
            b++;
        }
        if (list.size() == depth || a == first.size() && b == second.size()) {
            lists.add(List.copyOf(list));
            return;
        }
        if (a < first.size()) {
            list.add(first.get(a));
            addAllowed(list, a, b);
            list.removeLast();
        }
        if (b < second.size() && (a == first.size() || !first.get(a).equals(second.get(b)))) {
            list.add(second.get(b));
            addAllowed(list, a, b);
            list.removeLast();
        }
    }

    private int credit(T thing) {
        return credits.getOrDefault(thing, 0);
    }

    /** By list; null where the program has no solution. */
    private double @Nullable [] probabilities() {
        int n = lists.size();
        if (n == 1) {
            return new double[] {1};
        }
        double[] sensitivity = new double[n];
        double[] ones = new double[n];
        Arrays.fill(ones, 1);
        int places = lists.getFirst().size();
        double[][] balances = new double[places][n];
        for (int l = 0; l < n; l++) {
            sensitivity[l] = sensitivity(lists.get(l));
            for (int i = 0; i < places; i++) {
                balances[i][l] = credit(lists.get(l).get(i));
            }
        }
        List<LinearConstraint> constraints = new ArrayList<>();
        constraints.add(new LinearConstraint(ones, Relationship.EQ, 1));
        for (double[] balance : balances) {
            constraints.add(new LinearConstraint(balance, Relationship.EQ, 0));
        }
        try {
            return shares(new SimplexSolver()
                    .optimize(
                            new MaxIter(10 * n + 1_000),
                            new LinearObjectiveFunction(sensitivity, 0),
                            new LinearConstraintSet(constraints),
                            GoalType.MAXIMIZE,
                            new NonNegativeConstraint(true))
                    .getPoint());
        } catch (MathRuntimeException e) {
            return null;
        }
    }

    /** Rounding leaves shares a little below zero, and their sum beside one. */
    private static double[] shares(double[] solution) {
        double[] shares = Arrays.stream(solution).map(x -> x < 1e-12 ? 0 : x).toArray();
        double sum = Arrays.stream(shares).sum();
        for (int i = 0; i < shares.length; i++) {
            shares[i] /= sum;
        }
        return shares;
    }

    private double sensitivity(List<T> list) {
        double[] wins = new double[2];
        double clicks = 0;
        for (int i = 0; i < list.size(); i++) {
            double click = 1.0 / (i + 1);
            int credit = credit(list.get(i));
            clicks += click;
            if (credit != 0) {
                wins[credit > 0 ? 0 : 1] += click;
            }
        }
        double won = wins[0] + wins[1];
        return won == 0 ? 0 : won / clicks * (entropy(wins[0] / won) + entropy(wins[1] / won));
    }

    private static double entropy(double p) {
        return p == 0 ? 0 : -p * Math.log(p);
    }

    private List<Pick<T>> draw(double[] probabilities, Draws draws) {
        double left = draws.next();
        int drawn = 0;
        for (int l = 0; l < probabilities.length; l++) {
            if (probabilities[l] > 0) {
                drawn = l; // the last that can be drawn, where rounding leaves a rest
                left -= probabilities[l];
                if (left < 0) {
                    break;
                }
            }
        }
        List<T> list = lists.get(drawn);
        List<Pick<T>> picks = new ArrayList<>();
        double before = 1;
        for (int i = 0; i < list.size(); i++) {
            double now = sharing(list, i + 1, probabilities);
            T thing = list.get(i);
            int credit = credit(thing);
            int from = credit >= 0 ? 0 : 1;
            picks.add(new Pick<>(
                    thing,
                    from,
                    (from == 0 ? first : second).indexOf(thing),
                    credit == 0 ? Pick.NEITHER : from,
                    Math.abs(credit),
                    Math.min(1, now / before)));
            before = now;
        }
        return picks;
    }

    /** How probable the lists are that begin alike. */
    private double sharing(List<T> list, int length, double[] probabilities) {
        double sum = 0;
        for (int l = 0; l < probabilities.length; l++) {
            if (probabilities[l] > 0 && lists.get(l).subList(0, length).equals(list.subList(0, length))) {
                sum += probabilities[l];
            }
        }
        return sum;
    }
}
