package repscorer.training.evaluate;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What one task says about one method: a flat map of names and figures, in the order in which they were put.
 *
 * @param figures texts, whole numbers and fractions; {@code task} is the first
 */
public record TaskResult(Map<String, Object> figures) {

    public TaskResult {
        figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
    }

    /** The figure of a name. */
    public double figure(String name) {
        if (figures.get(name) instanceof Number number) {
            return number.doubleValue();
        }
        throw new IllegalArgumentException("no figure '%s': %s".formatted(name, figures.keySet()));
    }

    /** As a line for people: {@code link-prediction  mrr 0.3312  hits10 0.5121}. */
    @Override
    public String toString() {
        return figures.entrySet().stream()
                .map(e -> e.getValue() instanceof Double d
                        ? String.format(Locale.ROOT, "%s %.4f", e.getKey(), d)
                        : e.getValue() instanceof String s ? s : "%s %s".formatted(e.getKey(), e.getValue()))
                .collect(Collectors.joining("  "));
    }

    static Builder of(String task) {
        return new Builder(task);
    }

    /** What a task says where no edge is left to judge by, which is no figure of 0. */
    static Builder nobody(String task) {
        return of(task).put("method", "nobody to judge").put("edges", 0);
    }

    /** Collects figures. */
    static final class Builder {

        private final LinkedHashMap<String, Object> figures = new LinkedHashMap<>();

        Builder(String task) {
            figures.put("task", task);
        }

        Builder put(String name, Object figure) {
            figures.put(name, figure instanceof Double d ? Math.round(d * 1e6) / 1e6 : figure);
            return this;
        }

        TaskResult build() {
            return new TaskResult(figures);
        }
    }
}
