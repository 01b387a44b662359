package repscorer.core.store;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.embedding.TextSpace;
import repscorer.core.embedding.ZeroVectors;
import repscorer.core.store.Outcome.Refused;
import repscorer.vector.SparseVector;
import repscorer.vector.VectorOps;

/** The rules a streamed change keeps towards its space and base. */
final class ChangeChecks {

    private ChangeChecks() {}

    /** Empty where the change keeps all rules. */
    static Optional<Refused> check(Space space, EmbeddingFile base, Change change) {
        if (!change.id().kind().equals(space.kind())) {
            return refused(
                    "kind-mismatch", "ids of %s are of kind %s: %s".formatted(space.name(), space.kind(), change.id()));
        }
        if (change.number().isPresent() && change.number().getAsLong() < 0) {
            return refused(
                    "bad-sequence",
                    "a sequence number is not negative: %s"
                            .formatted(change.number().getAsLong()));
        }
        if (change.number().isPresent() && change.number().getAsLong() > Change.NUMBER_MAX) {
            return refused(
                    "bad-sequence",
                    "a sequence number is at most %s, so that others can follow: %s"
                            .formatted(Change.NUMBER_MAX, change.number().getAsLong()));
        }
        return switch (change) {
            case Change.Delete delete -> Optional.empty();
            case Change.Upsert upsert ->
                switch (space) {
                    case DenseSpace dense ->
                        upsert.embedding() instanceof Embedding.Dense given
                                ? dense(dense, given.values())
                                : refused("form-differs", "%s takes dense rows".formatted(space.name()));
                    case SparseSpace sparse ->
                        upsert.embedding() instanceof Embedding.Sparse given
                                ? sparse(sparse, base, given.vector())
                                : refused("form-differs", "%s takes sparse rows".formatted(space.name()));
                    case TextSpace text ->
                        upsert.embedding() instanceof Embedding.Text given
                                ? text(text, given.value())
                                : refused("form-differs", "%s takes texts".formatted(space.name()));
                };
        };
    }

    private static Optional<Refused> dense(DenseSpace space, float[] values) {
        if (values.length != space.dimension()) {
            return refused(
                    "dimension-differs",
                    "dimension differs: space=%s expects %s, got %s"
                            .formatted(space.name(), space.dimension(), values.length));
        }
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                return refused("not-finite", "values must be finite: %s in column %s".formatted(values[i], i));
            }
        }
        float norm = VectorOps.norm(values);
        if (!Float.isFinite(norm)) {
            return refused("norm-not-finite", "the norm must be finite: %s".formatted(norm));
        }
        int place = firstBeyond(space.valueMax(), values);
        if (place >= 0) {
            return refused(
                    "value-too-large",
                    "float16 holds values to %s: space=%s, got %s in column %s"
                            .formatted(space.valueMax(), space.name(), values[place], place));
        }
        return zero(space, norm == 0);
    }

    /** The place of the first value that is greater, either sign, or -1. */
    static int firstBeyond(float valueMax, float[] values) {
        for (int i = 0; i < values.length; i++) {
            if (Math.abs(values[i]) > valueMax) {
                return i;
            }
        }
        return -1;
    }

    private static Optional<Refused> sparse(SparseSpace space, EmbeddingFile base, SparseVector vector) {
        if (vector.size() > space.entriesMax()) {
            return refused(
                    "too-many-entries",
                    "a row has at most %s entries: space=%s, got %s"
                            .formatted(space.entriesMax(), space.name(), vector.size()));
        }
        if (!vector.isEmpty() && vector.columns()[vector.size() - 1] >= base.dimension()) {
            return refused(
                    "unknown-column",
                    "columns of %s are 0 to %s: %s"
                            .formatted(space.name(), base.dimension() - 1, vector.columns()[vector.size() - 1]));
        }
        return zero(space, vector.isEmpty());
    }

    private static Optional<Refused> text(TextSpace space, String value) {
        int bytes = value.getBytes(StandardCharsets.UTF_8).length;
        return bytes > Embedding.Text.BYTES_MAX
                ? refused(
                        "text-too-long",
                        "a text has at most %s bytes: space=%s, got %s"
                                .formatted(Embedding.Text.BYTES_MAX, space.name(), bytes))
                : zero(space, bytes == 0);
    }

    private static Optional<Refused> zero(Space space, boolean isZero) {
        return isZero && space.policy().zeroVectors() == ZeroVectors.REFUSE
                ? refused("zero-vector", "zero vectors are refused: space=%s".formatted(space.name()))
                : Optional.empty();
    }

    /** The change as it is applied: a zero vector deletes where the space drops those. For changes that keep all rules. */
    static Change applied(Space space, Change change) {
        return change instanceof Change.Upsert upsert
                        && space.policy().zeroVectors() == ZeroVectors.DROP
                        && isZero(upsert.embedding())
                ? new Change.Delete(upsert.id(), upsert.number())
                : change;
    }

    private static boolean isZero(Embedding embedding) {
        return switch (embedding) {
            case Embedding.Dense dense -> VectorOps.norm(dense.values()) == 0;
            case Embedding.Sparse sparse -> sparse.vector().isEmpty();
            case Embedding.Text text -> text.value().isEmpty();
        };
    }

    private static Optional<Refused> refused(String code, String message) {
        return Optional.of(new Refused(code, message));
    }
}
