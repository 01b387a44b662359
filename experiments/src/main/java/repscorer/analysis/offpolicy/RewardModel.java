package repscorer.analysis.offpolicy;

import java.util.ArrayList;
import java.util.List;
import repscorer.analysis.offpolicy.LoggedList.Choice;
import repscorer.analysis.offpolicy.LoggedList.Option;
import repscorer.analysis.statistics.RidgeFit;

/** What a choice earns at its rank and below by the other policy: a linear regression for each rank. Immutable. */
final class RewardModel {

    /*
     * From the last rank up (fitted Q evaluation): Q_k is the regression of r_k + V_k+1 on the features of what was chosen, the mean
     * features of what could have been, and how many those were; V_k = Σ_a target(a) Q_k(a).
     */

    private static final double RIDGE = 1;

    private final List<double[]> coefficients;

    private RewardModel(List<double[]> coefficients) {
        this.coefficients = coefficients;
    }

    static RewardModel of(List<LoggedList> lists) {
        int ranks = lists.stream().mapToInt(list -> list.choices().size()).max().orElse(0);
        List<double[]> coefficients = new ArrayList<>();
        for (int k = 0; k < ranks; k++) {
            coefficients.add(new double[0]);
        }
        RewardModel model = new RewardModel(coefficients);
        for (int k = ranks - 1; k >= 0; k--) {
            int rank = k;
            List<LoggedList> longEnough =
                    lists.stream().filter(list -> list.choices().size() > rank).toList();
            RidgeFit fit =
                    new RidgeFit(2 * longEnough.getFirst().choices().get(k).features().length + 1, RIDGE);
            for (LoggedList list : longEnough) {
                Choice choice = list.choices().get(k);
                fit.add(row(choice.features(), context(choice)), choice.reward() + model.value(list, k + 1));
            }
            coefficients.set(k, fit.coefficients());
        }
        return model;
    }

    /** What the whole answer would earn. */
    double expected(LoggedList list) {
        return value(list, 0);
    }

    /** By how much each rank's reward, with what is expected below it, exceeds what was expected. */
    double[] missed(LoggedList list) {
        double[] missed = new double[list.choices().size()];
        double below = 0;
        for (int k = missed.length - 1; k >= 0; k--) {
            Choice choice = list.choices().get(k);
            missed[k] = choice.reward() + below - expected(k, row(choice.features(), context(choice)));
            below = value(list, k);
        }
        return missed;
    }

    private double value(LoggedList list, int rank) {
        if (rank >= list.choices().size()) {
            return 0;
        }
        Choice choice = list.choices().get(rank);
        double[] context = context(choice);
        double sum = 0;
        for (Option option : choice.options()) {
            sum += option.target() == 0 ? 0 : option.target() * expected(rank, row(option.features(), context));
        }
        return sum;
    }

    private double expected(int rank, double[] row) {
        return rank < coefficients.size() ? RidgeFit.expected(coefficients.get(rank), row) : 0;
    }

    private static double[] context(Choice choice) {
        double[] context = new double[choice.features().length + 1];
        for (Option option : choice.options()) {
            for (int i = 0; i < context.length - 1; i++) {
                context[i] += option.features()[i] / choice.options().size();
            }
        }
        context[context.length - 1] = choice.options().size();
        return context;
    }

    private static double[] row(double[] features, double[] context) {
        double[] row = new double[features.length + context.length];
        System.arraycopy(features, 0, row, 0, features.length);
        System.arraycopy(context, 0, row, features.length, context.length);
        return row;
    }
}
