package repscorer.core.plan;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.embedding.TextSpace;
import repscorer.core.failure.ScorerException.NotFound;
import repscorer.core.plan.ColumnPlan.Form;

/** The spaces that there are, by name. Immutable, safe for concurrent use. */
public final class DeclaredSpaces {

    private final TreeMap<String, Space> byName = new TreeMap<>();

    public DeclaredSpaces(Collection<Space> spaces) {
        spaces.forEach(space -> byName.put(space.name(), space));
    }

    public Optional<Space> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** In their order. */
    public List<String> names() {
        return List.copyOf(byName.keySet());
    }

    /**
     * A space that a request names.
     *
     * @param field where it does
     * @throws repscorer.core.failure.ScorerException.NotFound naming the field and the spaces there are
     */
    public Space named(String field, String name) {
        return find(name)
                .orElseThrow(() -> new NotFound(
                        "unknown-space",
                        "no space is called '%s' (%s); declared are %s".formatted(name, field, names())));
    }

    /** The columns that a space is for. */
    static Form form(Space space) {
        return switch (space) {
            case DenseSpace dense -> Form.DENSE;
            case SparseSpace sparse -> Form.SPARSE;
            case TextSpace text -> Form.TEXT;
        };
    }

    /** A space that a plan names, or a complaint about the place. */
    Space planned(String name, String place) {
        return find(name)
                .orElseThrow(() -> new IllegalArgumentException(
                        "space '%s' is not declared: %s; declared are %s".formatted(name, place, names())));
    }
}
