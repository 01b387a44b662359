package repscorer.api.security;

import java.util.Locale;

/** What a caller may do. */
public enum Role {
    /** Ask for candidates, scores and explanations, and what the service serves. */
    READ,
    /** Be handed embeddings themselves. */
    READ_VECTORS,
    /** Read what users did, and what they were shown. */
    READ_SIGNALS,
    /** Push signals and outcomes, and stream changes of rows. */
    WRITE,
    /** Stage, publish and roll back releases. */
    PUBLISH,
    /** Have the configuration read again, experiments among it. */
    EXPERIMENT,
    /** All that others may. */
    ADMIN;

    /** As commands, files and messages have it: {@code read-signals}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
