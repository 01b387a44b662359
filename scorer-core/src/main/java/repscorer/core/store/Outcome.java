package repscorer.core.store;

/** What became of one streamed change. */
public sealed interface Outcome {

    /**
     * On the device and seen by every request from now on.
     *
     * @param sequence counts the changes to the space since its release was published
     */
    record Accepted(long sequence) implements Outcome {}

    /**
     * Its number is not above the highest that its producer had accepted: nothing was done.
     *
     * @param highest that number
     */
    record Duplicate(long highest) implements Outcome {}

    /** It breaks a rule: nothing was done. */
    record Refused(String code, String message) implements Outcome {}
}
