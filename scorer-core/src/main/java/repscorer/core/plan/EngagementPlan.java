package repscorer.core.plan;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * The features that recent engagement makes: for each signal and window, how near a candidate is to what the user last did.
 *
 * @param likeReference true to leave empty what the reference's release always left empty
 */
public record EngagementPlan(List<SignalFeatures> signals, boolean likeReference) {

    public static final EngagementPlan NONE = new EngagementPlan(List.of(), false);

    public EngagementPlan {
        signals = List.copyOf(signals);
        Set<String> names = new HashSet<>();
        for (SignalFeatures features : signals) {
            for (String name : features.names()) {
                if (!names.add(name)) {
                    throw new IllegalArgumentException("feature names must differ: '%s' twice".formatted(name));
                }
            }
        }
    }

    /** How the similarities of several signals become one number. */
    public enum Aggregate {
        /** The greatest, 0 at least. */
        MAX,
        /** The arithmetic mean. */
        MEAN,
        /** That of the latest signal that has one. */
        LAST,
        /** The mean weighted by 2^(−age / half-life). */
        DECAYED
    }

    /**
     * The features of one signal.
     *
     * @param signal its type, such as {@code fav}
     * @param windows how far back each looks
     * @param aggregates one feature each per window
     * @param lastMax how many signals inside a window count, the latest
     * @param halfLife of {@link Aggregate#DECAYED}
     * @param emptyInReference whether the reference's release never filled them
     */
    public record SignalFeatures(
            String signal,
            Comparison comparison,
            List<Duration> windows,
            List<Aggregate> aggregates,
            int lastMax,
            Duration halfLife,
            boolean emptyInReference) {

        public static final int LAST_MAX = 1_000;

        public SignalFeatures {
            windows = List.copyOf(windows);
            aggregates = List.copyOf(aggregates);
            if (windows.isEmpty() || aggregates.isEmpty()) {
                throw new IllegalArgumentException("a window and an aggregate are needed: signal " + signal);
            }
            if (windows.stream().anyMatch(window -> !window.isPositive()) || !halfLife.isPositive()) {
                throw new IllegalArgumentException("windows and half-life must be positive: signal " + signal);
            }
            if (lastMax < 1 || lastMax > LAST_MAX) {
                throw new IllegalArgumentException(
                        "last-max must be 1 to %s: %s (signal %s)".formatted(LAST_MAX, lastMax, signal));
            }
        }

        /** {@code fav-1d-max} and so on, by window, then by aggregate. */
        public List<String> names() {
            return windows.stream()
                    .flatMap(window -> aggregates.stream().map(aggregate -> name(window, aggregate)))
                    .toList();
        }

        public String name(Duration window, Aggregate aggregate) {
            String length = window.toSeconds() % 86_400 == 0
                    ? window.toDays() + "d"
                    : window.toSeconds() % 3_600 == 0 ? window.toHours() + "h" : window.toSeconds() + "s";
            return "%s-%s-%s".formatted(signal, length, aggregate.name().toLowerCase(Locale.ROOT));
        }
    }

    /** The names of all features, in their order. */
    public List<String> names() {
        return signals.stream().flatMap(features -> features.names().stream()).toList();
    }

    /** The types of all signals. */
    public Set<String> types() {
        Set<String> types = new TreeSet<>();
        signals.forEach(features -> types.add(features.signal()));
        return types;
    }
}
