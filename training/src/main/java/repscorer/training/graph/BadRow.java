package repscorer.training.graph;

/**
 * A row that could not be read.
 *
 * @param line counted from 1
 * @param rule what it breaks, and the text
 */
public record BadRow(String file, long line, String rule) {

    @Override
    public String toString() {
        return "%s:%s: %s".formatted(file, line, rule);
    }
}
