package repscorer.imports;

import java.util.Optional;
import java.util.OptionalInt;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.EmbeddingFile.Form;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.embedding.TextSpace;
import repscorer.core.embedding.ZeroVectors;
import repscorer.core.entity.EntityKind;

/**
 * What rows become.
 *
 * @param dimension of dense rows; the first good row tells it where absent
 * @param plainIds whether an id without a colon is of the kind, as whole numbers always are
 * @param entriesMax the most entries a sparse row may have
 * @param training what the rows were learnt by; empty where nobody names it
 */
public record ImportTarget(
        String space,
        String model,
        EntityKind kind,
        boolean plainIds,
        Form form,
        OptionalInt dimension,
        int entriesMax,
        ZeroVectors zeroVectors,
        Optional<String> training) {

    public ImportTarget {
        training.ifPresent(EmbeddingFileWriter::checkTraining);
    }

    /** Rows of a declared space, held to its rules. */
    public static ImportTarget of(Space space) {
        return switch (space) {
            case DenseSpace dense ->
                new ImportTarget(
                        dense.name(),
                        dense.model(),
                        dense.kind(),
                        false,
                        Form.DENSE,
                        OptionalInt.of(dense.dimension()),
                        0,
                        dense.policy().zeroVectors(),
                        Optional.empty());
            case SparseSpace sparse ->
                new ImportTarget(
                        sparse.name(),
                        sparse.model(),
                        sparse.kind(),
                        false,
                        Form.SPARSE,
                        OptionalInt.empty(),
                        sparse.entriesMax(),
                        sparse.policy().zeroVectors(),
                        Optional.empty());
            case TextSpace text ->
                new ImportTarget(
                        text.name(),
                        text.model(),
                        text.kind(),
                        false,
                        Form.TEXT,
                        OptionalInt.empty(),
                        0,
                        text.policy().zeroVectors(),
                        Optional.empty());
        };
    }

    /** Rows of a space that is declared elsewhere, if at all. */
    public static ImportTarget undeclared(String space, String model, EntityKind kind, boolean dense) {
        return new ImportTarget(
                space,
                model,
                kind,
                false,
                dense ? Form.DENSE : Form.SPARSE,
                OptionalInt.empty(),
                Integer.MAX_VALUE,
                dense ? ZeroVectors.REFUSE : ZeroVectors.KEEP,
                Optional.empty());
    }

    public boolean dense() {
        return form == Form.DENSE;
    }

    public ImportTarget withZeroVectors(ZeroVectors policy) {
        return new ImportTarget(space, model, kind, plainIds, form, dimension, entriesMax, policy, training);
    }

    /** @throws IllegalArgumentException where the name is none for a training */
    public ImportTarget withTraining(String name) {
        return new ImportTarget(
                space, model, kind, plainIds, form, dimension, entriesMax, zeroVectors, Optional.of(name));
    }

    /**
     * The same, and a text without a colon is an id of its kind.
     *
     * @param said what whoever wants it takes for the kind
     * @throws IllegalArgumentException when the kind is another
     */
    public ImportTarget withPlainIds(EntityKind said) {
        if (!said.equals(kind)) {
            throw new IllegalArgumentException("ids of %s are of kind %s, not %s".formatted(space, kind, said));
        }
        return new ImportTarget(space, model, kind, true, form, dimension, entriesMax, zeroVectors, training);
    }
}
