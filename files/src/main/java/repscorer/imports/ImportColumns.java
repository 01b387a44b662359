package repscorer.imports;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * What the columns that rows are made of are called in a file. What is not said is guessed, and the guess is told.
 *
 * @param id the column of ids
 * @param vector one column of lists, or the columns of single numbers in their order; none where it is to be guessed
 */
public record ImportColumns(Optional<String> id, List<String> vector) {

    /** Nothing is said. */
    public static final ImportColumns GUESSED = new ImportColumns(Optional.empty(), List.of());

    public ImportColumns {
        vector = List.copyOf(vector);
        if (new HashSet<>(vector).size() < vector.size()) {
            throw new IllegalArgumentException("the columns of a vector differ: %s".formatted(vector));
        }
        if (id.isPresent() && vector.contains(id.get())) {
            throw new IllegalArgumentException("'%s' is the id, or of the vector, not both".formatted(id.get()));
        }
    }

    boolean isSaid() {
        return id.isPresent() || !vector.isEmpty();
    }
}
