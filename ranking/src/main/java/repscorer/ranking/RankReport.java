package repscorer.ranking;

import java.io.PrintStream;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How a model did on the rows after those that it was made of.
 *
 * @param rows all of them
 * @param positives those with the outcome
 * @param rounds after which learning ended
 * @param base log loss of telling everybody the share of rows with the outcome
 * @param judged the model's
 * @param without of the same model without each group of features; empty where there is one group
 */
record RankReport(
        int rows,
        int positives,
        int testRows,
        int rounds,
        double base,
        Judged judged,
        SortedMap<String, Judged> without) {

    /**
     * @param logLoss the mean of −ln of what was told of what came
     * @param auc how often a row with the outcome has the greater probability of two
     * @param error the expected calibration error
     */
    record Judged(double logLoss, double auc, double error) {}

    private static String figure(double value) {
        return String.format(Locale.ROOT, "%.5f", value);
    }

    /** For the model's file. */
    SortedMap<String, String> told(RankPlan plan) {
        SortedMap<String, String> told = new TreeMap<>();
        told.put("goal", plan.goal());
        told.put("form", plan.form().name().toLowerCase(Locale.ROOT));
        told.put("rows", Integer.toString(rows));
        told.put("positives", Integer.toString(positives));
        told.put("rounds", Integer.toString(rounds));
        told.put("log-loss", figure(judged.logLoss));
        told.put("log-loss-of-the-mean", figure(base));
        told.put("auc", figure(judged.auc));
        told.put("calibration-error", figure(judged.error));
        without.forEach((group, each) -> told.put("log-loss-without-" + group, figure(each.logLoss)));
        return told;
    }

    void print(PrintStream out) {
        out.printf(
                "%s rows, %s with the outcome; judged by the last %s, after %s rounds%n",
                rows, positives, testRows, rounds);
        out.printf(Locale.ROOT, "%-24s %9s %9s %9s %9s%n", "", "log loss", "relative", "AUC", "ECE");
        out.printf(Locale.ROOT, "%-24s %9.5f %8.1f%%%n", "the mean alone", base, 100.0);
        line(out, "the model", judged);
        without.forEach((group, each) -> line(out, "without " + group, each));
    }

    private void line(PrintStream out, String name, Judged each) {
        out.printf(
                Locale.ROOT,
                "%-24s %9.5f %8.1f%% %9.4f %9.4f%n",
                name,
                each.logLoss,
                100 * each.logLoss / base,
                each.auc,
                each.error);
    }
}
