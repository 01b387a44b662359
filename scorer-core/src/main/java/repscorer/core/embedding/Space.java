package repscorer.core.embedding;

import java.util.regex.Pattern;
import repscorer.core.entity.EntityKind;

/**
 * A declared family of embeddings: one kind of entity, dense, sparse or texts. Embeddings of two spaces can be compared when
 * the spaces share their model and come from one release.
 */
public sealed interface Space permits DenseSpace, SparseSpace, TextSpace {

    Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");

    /** Lower-case letters, digits and hyphens; also the name of the space's file in a release. */
    String name();

    /** What made the vectors, such as {@code twhin}; spaces of one model share their coordinates. */
    String model();

    EntityKind kind();

    /** Whether the service is ready only when a release holds this space. */
    boolean required();

    /** What becomes of zero vectors, and how long versions are kept. */
    SpacePolicy policy();

    /** Throws when a name breaks the rule for names of spaces and models. */
    static void checkName(String role, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a %s is 1 to 64 lower-case letters, digits and hyphens, beginning with a letter: '%s'"
                            .formatted(role, name));
        }
    }
}
