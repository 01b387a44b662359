package repscorer.resilience;

/** Which failures a call may be tried again after. A call that changes something is {@link #NEVER}. */
public enum Repeat {
    /** One attempt. */
    NEVER,
    /** After no connection or a broken exchange: for reads whose caller wants to see every other failure. */
    ON_LOST_CONNECTION,
    /** After those, a timed-out attempt and the statuses 429, 502, 503 and 504: for reads. */
    ON_FAILURE;

    boolean after(Outcome outcome) {
        return switch (this) {
            case NEVER -> false;
            case ON_LOST_CONNECTION ->
                outcome instanceof Outcome.Failed failed
                        && (failed.cause() == FailureCause.CONNECT || failed.cause() == FailureCause.EXCHANGE);
            case ON_FAILURE ->
                switch (outcome) {
                    case Outcome.Failed failed ->
                        switch (failed.cause()) {
                            case CONNECT, EXCHANGE, TIMEOUT -> true;
                            case DEADLINE, TOO_LARGE, BREAKER_OPEN, BULKHEAD_FULL, INTERRUPTED -> false;
                        };
                    case Outcome.Answered answered ->
                        switch (answered.status()) {
                            case 429, 502, 503, 504 -> true;
                            default -> false;
                        };
                };
        };
    }
}
