package repscorer.decisions;

/**
 * What a join came to.
 *
 * @param decisions that were read
 * @param joined outcomes that were handed over
 * @param repeated outcomes in whose place another of the same decision, candidate and kind was taken
 * @param late outcomes that came about before their decision or after its window
 * @param undecided outcomes of decisions that were not read: left out by sampling, dropped, or of other times
 * @param unseen outcomes of candidates that their decision did not answer
 * @param unreadable lines that are neither decisions nor outcomes
 * @param torn files that end in the middle of something
 */
public record JoinReport(
        long decisions,
        long joined,
        long repeated,
        long late,
        long undecided,
        long unseen,
        long unreadable,
        long torn) {}
