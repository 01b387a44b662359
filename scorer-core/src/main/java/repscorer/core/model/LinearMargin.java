package repscorer.core.model;

import java.util.List;

/**
 * A weighted sum of standardised features. O(features) a row. A feature that is missing adds a weight of its own, and nothing else.
 */
public final class LinearMargin implements Margin {

    private final double intercept;
    private final List<Term> terms;
    private final double[] slopes;
    private final double[] shifts;
    private final double[] missing;
    private final boolean[] logarithmic;

    /**
     * One feature: {@code weight · (x − mean) / deviation}.
     *
     * @param logarithmic whether x is ln(1 + the feature), which is at least 0 then
     * @param missing what is added in place of that where the feature is missing
     */
    public record Term(boolean logarithmic, double mean, double deviation, double weight, double missing) {
        public Term {
            if (!(deviation > 0) || !Double.isFinite(mean + deviation + weight + missing)) {
                throw new IllegalArgumentException(
                        "a term is of finite numbers, its deviation above 0: mean %s, deviation %s, weight %s, missing %s"
                                .formatted(mean, deviation, weight, missing));
            }
        }
    }

    /** @param terms one a feature */
    public LinearMargin(double intercept, List<Term> terms) {
        if (!Double.isFinite(intercept)) {
            throw new IllegalArgumentException("an intercept is finite: " + intercept);
        }
        this.intercept = intercept;
        this.terms = List.copyOf(terms);
        int n = terms.size();
        slopes = new double[n];
        shifts = new double[n];
        missing = new double[n];
        logarithmic = new boolean[n];
        for (int i = 0; i < n; i++) {
            Term term = this.terms.get(i);
            slopes[i] = term.weight / term.deviation;
            shifts[i] = -term.mean * slopes[i];
            missing[i] = term.missing;
            logarithmic[i] = term.logarithmic;
        }
    }

    public double intercept() {
        return intercept;
    }

    public List<Term> terms() {
        return terms;
    }

    @Override
    public int features() {
        return slopes.length;
    }

    @Override
    public double of(float[] row) {
        double sum = intercept;
        for (int i = 0; i < slopes.length; i++) {
            sum += part(i, row[i]);
        }
        return sum;
    }

    private double part(int feature, float value) {
        if (Float.isNaN(value)) {
            return missing[feature];
        }
        double x = logarithmic[feature] ? Math.log1p(Math.max(0, value)) : value;
        return slopes[feature] * x + shifts[feature];
    }

    @Override
    public Parts parts(float[] row) {
        double[] parts = new double[slopes.length];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = part(i, row[i]);
        }
        return new Parts(intercept, parts);
    }
}
