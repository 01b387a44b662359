package repscorer.benchmarks.proof;

import java.util.Map;

/** A proof that holds a service to figures which another machine, or a quick look, may need to be others. */
public interface LimitedProof extends Proof {

    /** What is held to, and how long it takes, by name. */
    Map<String, Double> limits();

    /** The same proof with some of its limits changed. */
    LimitedProof within(Map<String, Double> changed);
}
