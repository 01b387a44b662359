package repscorer.core.query;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import repscorer.core.entity.EntityId;
import repscorer.core.experiment.Experiment;
import repscorer.core.plan.Limits;
import repscorer.vector.SparseVector;

/** What candidates are sought for. */
public sealed interface Source {

    /** The same text for the same source: its ids, or a digest of its vectors. */
    String text();

    /** The kinds of its ids, {@value repscorer.core.experiment.Experiment#VECTOR}, or {@value #TEXT}. */
    Set<String> kinds();

    /** One entity or several; several are averaged by weight, dense vectors after scaling to norm 1. */
    record Entities(List<Weighted> entities) implements Source {

        public Entities {
            entities = List.copyOf(entities);
            if (entities.isEmpty() || entities.size() > Limits.SOURCES_MAX) {
                throw new IllegalArgumentException(
                        "a source has 1 to %s ids: %s".formatted(Limits.SOURCES_MAX, entities.size()));
            }
        }

        public static Entities of(EntityId id) {
            return new Entities(List.of(new Weighted(id, 1)));
        }

        @Override
        public Set<String> kinds() {
            return entities.size() == 1
                    ? Set.of(entities.getFirst().id().kind().name())
                    : entities.stream()
                            .map(weighted -> weighted.id().kind().name())
                            .collect(Collectors.toUnmodifiableSet());
        }

        @Override
        public String text() {
            return entities.stream().map(each -> each.id().toString()).collect(Collectors.joining(","));
        }
    }

    /**
     * Vectors given in the request.
     *
     * @param dense used by every dense column
     * @param sparse used by every sparse column
     * @param version whose coordinates they have: a training, or a version of a space of the same model; empty for those of the
     *     release that is read
     */
    record Inline(Optional<float[]> dense, Optional<SparseVector> sparse, Optional<String> version) implements Source {

        public Inline {
            if (dense.isEmpty() && sparse.isEmpty()) {
                throw new IllegalArgumentException("an inline source has a dense vector, clusters, or both");
            }
        }

        /** With coordinates of the release that is read. */
        public Inline(Optional<float[]> dense, Optional<SparseVector> sparse) {
            this(dense, sparse, Optional.empty());
        }

        @Override
        public Set<String> kinds() {
            return Set.of(Experiment.VECTOR);
        }

        @Override
        public String text() {
            return "%s,%s"
                    .formatted(
                            dense.map(Arrays::hashCode).orElse(0),
                            sparse.map(vector ->
                                            31 * Arrays.hashCode(vector.columns()) + Arrays.hashCode(vector.weights()))
                                    .orElse(0));
        }
    }

    /**
     * Words. Columns of texts look for them; the others compare with the vectors of what these found.
     *
     * @param words any characters at all: they are words and nothing else
     */
    record Text(String words) implements Source {

        public Text {
            if (words.length() > Limits.TEXT_MAX) {
                throw new IllegalArgumentException(
                        "a text has at most %s characters: %s".formatted(Limits.TEXT_MAX, words.length()));
            }
        }

        @Override
        public Set<String> kinds() {
            return Set.of(TEXT);
        }

        @Override
        public String text() {
            return "text:%s".formatted(words.hashCode());
        }
    }

    /** The kind of a source that is a text. */
    String TEXT = "text";

    /** @param weight positive and finite */
    record Weighted(EntityId id, double weight) {

        public Weighted {
            if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("weight must be positive and finite: %s (%s)".formatted(weight, id));
            }
        }
    }
}
