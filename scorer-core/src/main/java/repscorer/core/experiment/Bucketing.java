package repscorer.core.experiment;

/** How an experiment deals units to its variants: our own way, or that of a flag system, so that both see the same arms. */
public enum Bucketing {
    /** SHA-256, see {@link Assigner}. */
    OURS,
    /** GrowthBook's hash version 1: FNV-1a, a thousand places; a layer is a namespace. */
    GROWTHBOOK_1,
    /** GrowthBook's hash version 2: FNV-1a twice, ten thousand places; a layer is a namespace. */
    GROWTHBOOK_2,
    /** Unleash's gradual roll-outs and variants: MurmurHash3, whole percents. */
    UNLEASH,
    /** An outside flag system is asked, through OpenFeature: its variant names ours. */
    OPENFEATURE;

    /** Whether a layer's buckets are dealt as GrowthBook deals a namespace's; all others take ours. */
    boolean hasNamespaces() {
        return this == GROWTHBOOK_1 || this == GROWTHBOOK_2;
    }
}
