package repscorer.core.experiment;

import java.util.Collection;
import java.util.List;

/** Assigns units to variants by a salted hash: the same unit is in the same variant on every machine. Immutable. */
public final class Assigner {

    /**
     * @throws IllegalArgumentException when names repeat or two experiments of a layer share a bucket on the same layer
     */
    public Assigner(Collection<Experiment> experiments) {
        throw new UnsupportedOperationException();
    }

    /** In the order of their names. */
    public List<Experiment> experiments() {
        throw new UnsupportedOperationException();
    }

    /** The assignments of a unit on one surface, in the order of the experiments' names. */
    public List<Assignment> assign(String surface, String unit) {
        throw new UnsupportedOperationException();
    }

    /** The assignments of a unit on all surfaces. */
    public List<Assignment> assign(String unit) {
        throw new UnsupportedOperationException();
    }
}
