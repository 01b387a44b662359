package repscorer.core.pair;

import java.util.Arrays;
import repscorer.core.model.ModelFeature;
import repscorer.core.request.EntitySet;

/** What models read of candidates besides columns. For one request and one thread. */
@FunctionalInterface
public interface CandidateNumbers {

    /** Knows nothing of anybody. */
    CandidateNumbers NONE = (feature, candidates, into) -> Arrays.fill(into, Double.NaN);

    /**
     * Reads a feature that is no column.
     *
     * @param into takes a number for each place of the candidates; NaN where it is not known
     */
    void read(ModelFeature feature, EntitySet candidates, double[] into);
}
