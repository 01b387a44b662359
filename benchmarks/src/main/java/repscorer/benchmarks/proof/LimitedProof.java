package repscorer.benchmarks.proof;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** A proof that holds a service to figures which another machine, or a quick look, may need to be others. Immutable. */
public abstract class LimitedProof implements Proof {

    private final Map<String, Double> limits;

    /** @param limits what is held to, and how long it takes, by name */
    protected LimitedProof(Map<String, Double> limits) {
        this.limits = Map.copyOf(limits);
    }

    /** What is held to, and how long it takes, by name. */
    public final Map<String, Double> limits() {
        return limits;
    }

    protected final double limit(String name) {
        return Objects.requireNonNull(limits.get(name), name);
    }

    /** The same proof with some of its limits changed. */
    public final LimitedProof within(Map<String, Double> changed) {
        Map<String, Double> all = new TreeMap<>(limits);
        all.putAll(changed);
        return with(all);
    }

    /** The same proof with other limits, all of them given. */
    protected abstract LimitedProof with(Map<String, Double> all);
}
