package repscorer.imports;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import repscorer.text.Numbers;
import repscorer.text.Utf8;

/**
 * The first line of separated values, where it names columns, and the places of id and values in the lines that follow. It does so
 * when the user names columns, when it begins with {@code id}, and when a field is called as ids are and no other can be a value.
 * For one thread.
 */
final class SeparatedHeader {

    private final String file;
    private final ImportColumns wanted;
    private final boolean dense;
    private String[] names = {};
    private Optional<Places> places = Optional.empty();

    /** @param file named in complaints */
    SeparatedHeader(String file, ImportColumns wanted, boolean dense) {
        this.file = file;
        this.wanted = wanted;
        this.dense = dense;
    }

    /**
     * Where things stand in a line.
     *
     * @param values none for all fields but the id's
     * @param fields how many there must be; 0 for any number
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
    record Places(int id, int[] values, int fields) {

        private static final Places PLAIN = new Places(0, new int[0], 0);

        int[] values(String[] line) {
            if (fields > 0 && line.length != fields) {
                throw new IllegalArgumentException(
                        "the first line names %s columns, and this one has %s fields".formatted(fields, line.length));
            }
            return values.length > 0
                    ? values
                    : IntStream.range(0, line.length).filter(i -> i != id).toArray();
        }

        /** The same line with the id first. */
        String[] first(String[] line) {
            if (id == 0 || line.length <= id) {
                return line;
            }
            List<String> fields = new ArrayList<>(Arrays.asList(line));
            fields.addFirst(fields.remove(id));
            return fields.toArray(new String[0]);
        }
    }

    /** Whether the first line names columns; if so it is remembered. */
    boolean isHeader(String[] line) {
        boolean header = wanted.isSaid() || isNamedId(line[0]) || (dense ? namesValues(line) : namesEntries(line));
        if (header) {
            names = Arrays.stream(line).map(name -> Utf8.text(name).strip()).toArray(String[]::new);
        }
        return header;
    }

    private static boolean isNamedId(String field) {
        return field.strip().equalsIgnoreCase("id");
    }

    private static boolean namesValues(String[] line) {
        int id = IntStream.range(0, line.length)
                .filter(i -> ColumnChoice.isIdName(line[i]) && (i == 0 || !line[i].isBlank()))
                .findFirst()
                .orElse(-1);
        if (id < 0 || line.length == 1) {
            return false;
        }
        int[] others = IntStream.range(0, line.length).filter(i -> i != id).toArray();
        return Arrays.stream(others).noneMatch(i -> isValue(line[i])) || areNumbered(line, others);
    }

    private static boolean namesEntries(String[] line) {
        return line.length == 3 && ColumnChoice.isIdName(line[0]) && !isValue(line[2]);
    }

    /** Whether the columns are called 0, 1, 2 and so on, or 1, 2, 3. */
    private static boolean areNumbered(String[] line, int[] places) {
        int first = line[places[0]].strip().equals("1") ? 1 : 0;
        return IntStream.range(0, places.length)
                .allMatch(i -> line[places[i]].strip().equals(Integer.toString(first + i)));
    }

    /** Whether a field can be of a vector. */
    static boolean isValue(String field) {
        if (field.strip().startsWith("[")) {
            return true;
        }
        try {
            Numbers.float32(field);
            return true;
        } catch (NumberFormatException e) {
            return false;
        } catch (ArithmeticException e) {
            return true;
        }
    }

    /**
     * Where id and values stand; chosen at the first line that is a row, for what it holds, and told to the sink.
     *
     * @throws IllegalArgumentException naming the columns, when they do not tell
     */
    Places places(String[] line, RowSink sink) {
        if (places.isEmpty()) {
            places = Optional.of(names.length == 0 ? Places.PLAIN : choose(line, sink));
        }
        return places.get();
    }

    private Places choose(String[] line, RowSink sink) {
        List<ColumnChoice.Column> columns = new ArrayList<>();
        boolean lists = false;
        for (int i = 0; i < names.length; i++) {
            boolean list = i < line.length && line[i].strip().startsWith("[");
            lists |= list;
            columns.add(new ColumnChoice.Column(
                    names[i], !list, list ? ColumnChoice.Holds.LISTS : ColumnChoice.Holds.NUMBERS));
        }
        if (!wanted.isSaid() && isNamedId(names[0]) && !(dense && lists && names.length > 2)) {
            return Places.PLAIN;
        }
        if (!dense && wanted.id().isEmpty()) {
            sink.columns("id from '%s'".formatted(names[0]));
            return Places.PLAIN;
        }
        ColumnChoice choice = ColumnChoice.of(file, wanted, columns, dense);
        choice.told().ifPresent(sink::columns);
        List<String> all = Arrays.asList(names);
        int[] values = choice.vector().stream().mapToInt(all::indexOf).toArray();
        return new Places(all.indexOf(choice.id()), values, names.length);
    }
}
