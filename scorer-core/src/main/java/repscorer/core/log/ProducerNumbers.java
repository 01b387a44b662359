package repscorer.core.log;

import java.util.HashMap;
import java.util.Map;

/** The highest number that each producer of a log had accepted, so that sending again is harmless. For one thread at a time. */
public final class ProducerNumbers {

    public static final int PRODUCERS_MAX = 1_000;

    /** The number counts. */
    public static final long ACCEPTED = -1;

    /** There are {@link #PRODUCERS_MAX} others already. */
    public static final long TOO_MANY = -2;

    private final Map<String, Long> accepted;
    private final Map<String, Long> offered = new HashMap<>(); // in the group under way

    /** @param accepted up to now */
    public ProducerNumbers(Map<String, Long> accepted) {
        this.accepted = new HashMap<>(accepted);
    }

    /** Begins a group; numbers of one that was not accepted are forgotten. */
    public void begin() {
        offered.clear();
    }

    /**
     * Offers a producer's next number.
     *
     * @param number not negative
     * @return {@link #ACCEPTED} where it counts from here on, if the group is accepted; {@link #TOO_MANY}; else the highest
     *     number, which this one is not above
     */
    public long offer(String producer, long number) {
        Long before = offered.getOrDefault(producer, accepted.get(producer));
        if (before == null && accepted.size() + offered.size() >= PRODUCERS_MAX) {
            return TOO_MANY;
        }
        if (before != null && number <= before) {
            return before;
        }
        offered.put(producer, number);
        return ACCEPTED;
    }

    /** The group is on the device. */
    public void accept() {
        accepted.putAll(offered);
    }

    /** By producer. */
    public Map<String, Long> highest() {
        return Map.copyOf(accepted);
    }
}
