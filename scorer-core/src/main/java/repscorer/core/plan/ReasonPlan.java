package repscorer.core.plan;

import java.util.Optional;

/**
 * A sentence for people about what a sparse column shares with a source, such as {@code followed by {shared}, whom you follow}.
 *
 * @param says the sentence, in which {@link #SHARED} stands for what is shared; one without it is told wherever something is
 * @param names a space of texts in which entities that are columns are called something; empty where labels and ids must do
 */
public record ReasonPlan(String says, Optional<String> names) {

    /** Stands for the names of what source and candidate share, greatest part first. */
    public static final String SHARED = "{shared}";

    /** Of the sentence, in characters. */
    public static final int SAYS_MAX = 200;

    public ReasonPlan {
        if (says.isBlank() || says.length() > SAYS_MAX) {
            throw new IllegalArgumentException(
                    "says must have 1 to %s characters: %s".formatted(SAYS_MAX, says.length()));
        }
    }
}
