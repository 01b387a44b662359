package repscorer.stores.spring;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.vectorstore.filter.Filter;
import org.springframework.ai.vectorstore.filter.Filter.Expression;
import org.springframework.ai.vectorstore.filter.Filter.Group;
import org.springframework.ai.vectorstore.filter.Filter.Operand;
import org.springframework.ai.vectorstore.filter.Filter.Value;

/**
 * A filter of Spring AI, held against one document's metadata. Numbers are compared by size whatever their types. What is not there,
 * and what is of another kind, meets neither equality nor an order, and so meets {@code !=} and {@code nin}.
 */
final class MetadataCondition {

    private final Expression filter;

    MetadataCondition(Expression filter) {
        this.filter = filter;
    }

    boolean isMet(Map<String, Object> metadata) {
        return isMet(filter, metadata);
    }

    private static boolean isMet(@Nullable Operand operand, Map<String, Object> metadata) {
        return switch (operand) {
            case Group group -> isMet(group.content(), metadata);
            case Expression expression -> isMet(expression, metadata);
            case null, default -> throw new IllegalArgumentException("a filter is made of conditions: " + operand);
        };
    }

    private static boolean isMet(Expression expression, Map<String, Object> metadata) {
        return switch (expression.type()) {
            case AND -> isMet(expression.left(), metadata) && isMet(expression.right(), metadata);
            case OR -> isMet(expression.left(), metadata) || isMet(expression.right(), metadata);
            case NOT -> !isMet(expression.left(), metadata);
            case EQ -> isEqual(found(expression, metadata), given(expression));
            case NE -> !isEqual(found(expression, metadata), given(expression));
            case IN -> isIn(expression, metadata);
            case NIN -> !isIn(expression, metadata);
            case GT -> order(expression, metadata).orElse(0) > 0;
            case GTE -> order(expression, metadata).orElse(-1) >= 0;
            case LT -> order(expression, metadata).orElse(0) < 0;
            case LTE -> order(expression, metadata).orElse(1) <= 0;
            case ISNULL -> found(expression, metadata).isEmpty();
            case ISNOTNULL -> found(expression, metadata).isPresent();
        };
    }

    private static Optional<Object> found(Expression expression, Map<String, Object> metadata) {
        if (expression.left() instanceof Filter.Key key) {
            return Optional.ofNullable(metadata.get(unquoted(key.key())));
        }
        throw new IllegalArgumentException("a condition names metadata on its left: " + expression);
    }

    /* Names that are no words are written in quotes. */
    private static String unquoted(String name) {
        boolean quoted = name.length() > 1
                && (name.charAt(0) == '"' || name.charAt(0) == '\'')
                && name.charAt(0) == name.charAt(name.length() - 1);
        return quoted ? name.substring(1, name.length() - 1) : name;
    }

    private static Object given(Expression expression) {
        if (expression.right() instanceof Value value) {
            return value.value();
        }
        throw new IllegalArgumentException("a condition has a value on its right: " + expression);
    }

    private static boolean isIn(Expression expression, Map<String, Object> metadata) {
        Optional<Object> found = found(expression, metadata);
        return given(expression) instanceof List<?> list && list.stream().anyMatch(each -> isEqual(found, each));
    }

    private static boolean isEqual(Optional<Object> found, @Nullable Object given) {
        return found.isPresent()
                && given != null
                && (found.get().equals(given)
                        || compared(found.get(), given).orElse(1) == 0
                        || (found.get().toString().equals(given) && !(found.get() instanceof Number)));
    }

    private static OptionalInt order(Expression expression, Map<String, Object> metadata) {
        Optional<Object> found = found(expression, metadata);
        return found.isEmpty() ? OptionalInt.empty() : compared(found.get(), given(expression));
    }

    private static OptionalInt compared(Object found, Object given) {
        if (found instanceof Number a && given instanceof Number b) {
            // As they are written: 1.1f is 1.1 here, which it would not be as a double.
            return OptionalInt.of(
                    isFinite(a) && isFinite(b)
                            ? new BigDecimal(a.toString()).compareTo(new BigDecimal(b.toString()))
                            : Double.compare(a.doubleValue(), b.doubleValue()));
        }
        return found instanceof String a && given instanceof String b
                ? OptionalInt.of(Integer.signum(a.compareTo(b)))
                : OptionalInt.empty();
    }

    private static boolean isFinite(Number number) {
        return Double.isFinite(number.doubleValue());
    }
}
