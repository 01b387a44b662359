package repscorer.core.embedding;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Facts that are computed from something when first asked for and kept as long as it is: an inverse, bounds, a join. Their
 * owner lets go of them when it is let go of itself. Safe for concurrent use; a fact is computed once, who else asks waits.
 */
public final class DerivedFacts {

    private final Map<Object, Fact> facts = new ConcurrentHashMap<>();

    /** A place for one fact, and what it was computed from. */
    private static final class Fact {

        private @Nullable Object of;
        private @Nullable Object value;

        /* Locked apart from the map, so that computing one fact may ask for another. */
        @SuppressWarnings("unchecked") // a key stands for one type
        synchronized <T> T get(Object wanted, Supplier<T> compute) {
            Object kept = value;
            if (kept == null || !wanted.equals(of)) {
                kept = compute.get();
                value = kept;
                of = wanted;
            }
            return (T) kept;
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
