package repscorer.core.signal;

/**
 * What a store of signals keeps at most.
 *
 * @param usersMax users that have signals
 * @param signalsMax signals of all users
 * @param compactedMin signals in the log, needed or not, from which on it may be written anew
 */
public record SignalLimits(int usersMax, long signalsMax, int compactedMin) {

    private static final int COMPACTED_MIN = 10_000;

    /** On the heap, with its user's share of maps. */
    private static final int SIGNAL_BYTES = 300;

    public SignalLimits {
        if (usersMax < 1 || signalsMax < 1 || compactedMin < 0) {
            throw new IllegalArgumentException(
                    "users-max and signals-max must be at least 1, and compacted-min not negative: %s, %s, %s"
                            .formatted(usersMax, signalsMax, compactedMin));
        }
    }

    /** As many signals as half of the heap holds. */
    public static SignalLimits ofUsers(int usersMax) {
        return new SignalLimits(
                usersMax, Math.max(1, Runtime.getRuntime().maxMemory() / 2 / SIGNAL_BYTES), COMPACTED_MIN);
    }
}
