package repscorer.core.embedding;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Facts that are computed from something when first asked for and kept as long as it is: an inverse, bounds, a join. Their
 * owner lets go of them when it is let go of itself. Safe for concurrent use: one volatile
 * read for a fact that is there; one that is not is computed once, and who else asks waits.
 */
public final class DerivedFacts {

    private final Map<Object, Fact> facts = new ConcurrentHashMap<>();

    /** A fact, and what it was computed from. */
    private record Computed(Object of, Object value) {}

    /** A place for one fact. */
    private static final class Fact {

        private volatile @Nullable Computed last;

        <T> T get(Object wanted, Supplier<T> compute) {
            Computed computed = last;
            return computed != null && computed.of.equals(wanted) ? value(computed) : compute(wanted, compute);
        }

        /* Locked apart from the map, so that computing one fact may ask for another. */
        private synchronized <T> T compute(Object wanted, Supplier<T> compute) {
            Computed computed = last;
            if (computed == null || !computed.of.equals(wanted)) {
                computed = new Computed(wanted, compute.get());
                last = computed;
            }
            return value(computed);
        }

        @SuppressWarnings("unchecked") // a key stands for one type
        private static <T> T value(Computed computed) {
            return (T) computed.value;
        }
    }

    /** @param key stands for one type of fact */
    public <T> T get(Object key, Supplier<T> compute) {
        return get(key, key, compute);
    }

    /**
     * A fact that holds for a state of its owner only.
     *
     * @param of what it was computed from; where that differs from the last time, it is computed anew and replaced
     */
    public <T> T get(Object key, Object of, Supplier<T> compute) {
        return facts.computeIfAbsent(key, each -> new Fact()).get(of, compute);
    }
}
