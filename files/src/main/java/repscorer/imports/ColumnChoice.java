package repscorer.imports;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The columns of a file that rows are made of, as the user named them, else by what they are called and hold.
 *
 * @param vector one that holds lists, or those that hold the single numbers in their order; none where rows are sparse
 */
record ColumnChoice(String id, List<String> vector) {

    private static final int SHOWN = 24;
    private static final String ID = "id";
    private static final String VECTOR = "vector";
    private static final Set<String> ID_NAMES = Set.of("", ID, "uuid", "guid", "key");
    private static final Set<String> INDEX_NAMES = Set.of("", "index", "__index_level_0__", "unnamed: 0");
    private static final Set<String> VECTOR_NAMES =
            Set.of(VECTOR, "vectors", "vec", "embedding", "embeddings", "emb", "values", "features");

    enum Holds {
        NUMBERS,
        LISTS,
        OTHER
    }

    /** @param mayBeId whether it holds texts or whole numbers, or may do so */
    record Column(String name, boolean mayBeId, Holds holds) {}

    /**
     * @param file named in complaints
     * @throws IllegalArgumentException naming the columns, when one that was named is not there, or none can be guessed
     */
    static ColumnChoice of(String file, ImportColumns wanted, List<Column> columns, boolean dense) {
        try {
            Column id = wanted.id().map(name -> named(name, columns)).orElseGet(() -> guessId(wanted, columns));
            return new ColumnChoice(id.name, dense ? vector(wanted, columns, id) : List.of());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "%s: %s; its columns are %s".formatted(file, e.getMessage(), names(columns)), e);
        }
    }

    private static List<String> vector(ImportColumns wanted, List<Column> columns, Column id) {
        wanted.vector().forEach(name -> named(name, columns));
        return wanted.vector().isEmpty() ? guessVector(id, columns) : wanted.vector();
    }

    private static Column named(String name, List<Column> columns) {
        List<Column> found =
                columns.stream().filter(column -> column.name.equals(name)).toList();
        if (found.size() > 1) {
            throw new IllegalArgumentException("the column %s is there twice".formatted(name));
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException("there is no column %s".formatted(name));
        }
        return found.getFirst();
    }

    private static Column guessId(ImportColumns wanted, List<Column> columns) {
        List<Column> free = columns.stream()
                .filter(column -> !wanted.vector().contains(column.name))
                .toList();
        if (free.stream().anyMatch(column -> column.name.equals(ID))) {
            return named(ID, columns);
        }
        List<Predicate<Column>> guesses = List.of(
                column -> column.name.equalsIgnoreCase(ID),
                column -> isIdName(column.name) && !isIndexName(column.name),
                column -> isIndexName(column.name));
        for (Predicate<Column> guess : guesses) {
            List<Column> found = free.stream()
                    .filter(column -> column.mayBeId && guess.test(column))
                    .toList();
            if (found.size() == 1) {
                return found.getFirst();
            }
            if (!found.isEmpty()) {
                throw new IllegalArgumentException(
                        "more than one column may be the id; say which: %s".formatted(names(found)));
            }
        }
        throw new IllegalArgumentException("there is no column id; say which column is the id");
    }

    private static List<String> guessVector(Column id, List<Column> columns) {
        if (columns.stream()
                .anyMatch(column -> column != id && column.name.equals(VECTOR) && column.holds != Holds.NUMBERS)) {
            return List.of(named(VECTOR, columns).name);
        }
        List<Column> lists = columns.stream()
                .filter(column -> column != id && column.holds == Holds.LISTS)
                .toList();
        List<Column> called = lists.size() == 1
                ? lists
                : lists.stream()
                        .filter(column -> VECTOR_NAMES.contains(column.name.toLowerCase(Locale.ROOT)))
                        .toList();
        if (called.size() == 1) {
            return List.of(called.getFirst().name);
        }
        List<String> numbers = new ArrayList<>();
        for (Column column : columns) {
            if (column != id && column.holds == Holds.NUMBERS && !isIndexName(column.name)) {
                numbers.add(named(column.name, columns).name);
            }
        }
        if (!numbers.equals(List.of(VECTOR)) && (numbers.size() < 2 || !lists.isEmpty())) {
            throw new IllegalArgumentException(
                    "there is no column vector; say which column it is, or which columns its values are");
        }
        return numbers;
    }

    /** Whether ids are wont to stand in a column of this name. */
    static boolean isIdName(String name) {
        String plain = name.strip();
        String lower = plain.toLowerCase(Locale.ROOT);
        return ID_NAMES.contains(lower)
                || isIndexName(name)
                || lower.matches(".*[_\\-. ](id|uuid|key)")
                || plain.matches(".*\\p{Ll}I[dD]");
    }

    private static boolean isIndexName(String name) {
        return INDEX_NAMES.contains(name.strip().toLowerCase(Locale.ROOT));
    }

    /** What is told of a choice that is not plain; nothing where the columns are called as they should be. */
    Optional<String> told() {
        boolean plain = id.equals(ID) && (vector.isEmpty() || vector.equals(List.of(VECTOR)));
        return plain ? Optional.empty() : Optional.of(text());
    }

    private String text() {
        if (vector.isEmpty()) {
            return "id from '%s'".formatted(id);
        }
        return vector.size() == 1
                ? "id from '%s', vector from '%s'".formatted(id, vector.getFirst())
                : "id from '%s', vector from %s columns, '%s' to '%s'"
                        .formatted(id, vector.size(), vector.getFirst(), vector.getLast());
    }

    private static String names(List<Column> columns) {
        return columns.stream().limit(SHOWN).map(Column::name).collect(Collectors.joining(", "))
                + (columns.size() > SHOWN ? ", ..." : "");
    }
}
