package repscorer.core.query;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;

/**
 * Which candidates a request wants: a tree of conditions that searches keep to. What is not known of a candidate meets no condition
 * on it, and so meets a {@link Not} around one.
 */
public sealed interface Filter {

    /** Meets every one of them; all candidates do where there are none. */
    record All(List<Filter> of) implements Filter {

        public All {
            of = List.copyOf(of);
        }
    }

    /** Meets one of them at least; no candidate does where there are none. */
    record Any(List<Filter> of) implements Filter {

        public Any {
            of = List.copyOf(of);
        }
    }

    record Not(Filter of) implements Filter {}

    record Kinds(Set<EntityKind> kinds) implements Filter {

        public Kinds {
            kinds = Set.copyOf(kinds);
        }
    }

    record Ids(List<EntityId> ids) implements Filter {

        public Ids {
            ids = List.copyOf(ids);
        }
    }

    /**
     * Has one of the values.
     *
     * @param name of an attribute of the surface
     */
    record Attribute(String name, List<EntityId> values) implements Filter {

        public Attribute {
            values = List.copyOf(values);
        }
    }

    /** Was made between so long ago, both ends included. */
    record Age(Duration min, Duration max) implements Filter {

        /** @throws IllegalArgumentException where no age lies between them */
        public Age {
            if (min.isNegative() || max.compareTo(min) < 0) {
                throw new IllegalArgumentException(
                        "min must not be negative and max at least as much: %s and %s".formatted(min, max));
            }
        }
    }

    /**
     * Has a weight between two, both included, in one column of a space's row.
     *
     * @param space sparse
     * @param min {@link Double#NEGATIVE_INFINITY} for none, as {@code max} the positive one
     */
    record Weight(String space, EntityId column, double min, double max) implements Filter {

        /** @throws IllegalArgumentException where no number lies between them */
        public Weight {
            if (!(min <= max)) {
                throw new IllegalArgumentException("max must be at least min: %s and %s".formatted(min, max));
            }
        }
    }

    /**
     * Is a column of a row: on the list that a space holds for an entity.
     *
     * @param space sparse, such as a history
     */
    record Listed(String space, EntityId of) implements Filter {}
}
