package repscorer.core.blend;

import java.util.BitSet;
import java.util.Optional;

/**
 * One score column over the candidates of a request.
 *
 * @param weight at least 0 and finite
 * @param higherIsCloser false for a distance
 * @param values one per candidate; a value that is not finite is a missing one. Handed over, not copied
 * @param found the candidates that this column itself retrieved; empty where nothing was retrieved and all count
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
public record Column(double weight, boolean higherIsCloser, double[] values, Optional<BitSet> found) {

    public Column {
        if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("weight must be at least 0 and finite: " + weight);
        }
    }

    public Column(double weight, boolean higherIsCloser, double[] values) {
        this(weight, higherIsCloser, values, Optional.empty());
    }

    boolean present(int candidate) {
        return Double.isFinite(values[candidate]);
    }

    boolean found(int candidate) {
        return found.isEmpty() || found.get().get(candidate);
    }

    /** The value turned so that higher is closer; 0 has one sign. */
    double oriented(int candidate) {
        return (higherIsCloser ? values[candidate] : -values[candidate]) + 0.0;
    }
}
