package repscorer.core.request;

/** Whose turn comes first, and who is refused first. In their order. */
public enum Priority {
    /** Somebody looks at a screen meanwhile: its turn is before that of all others. */
    HIGH(1, 2),

    /** What says nothing. */
    NORMAL(1, 2),

    /** It can come back later: it waits behind all others, and for a shorter time. */
    LOW(.25, 0);

    private final double targetShare;
    private final int waitingPerPermitMin;

    Priority(double targetShare, int waitingPerPermitMin) {
        this.targetShare = targetShare;
        this.waitingPerPermitMin = waitingPerPermitMin;
    }

    /** The share of the wait target beyond which it is refused. */
    double targetShare() {
        return targetShare;
    }

    /** How many may wait for each permit whatever is known of their wait. */
    int waitingPerPermitMin() {
        return waitingPerPermitMin;
    }
}
