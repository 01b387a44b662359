package repscorer.resilience;

/** Why a call has no answer. */
public enum FailureCause {
    /** No connection: refused, unknown host, or not in time. The request was not sent. */
    CONNECT,
    /** The connection broke, or what came was not HTTP, before the whole answer was there. */
    EXCHANGE,
    /** One attempt took longer than the attempt timeout. */
    TIMEOUT,
    /** The caller's budget ran out. */
    DEADLINE,
    /** The body is larger than the limit. */
    TOO_LARGE,
    /** The circuit breaker is open; nothing was sent. */
    BREAKER_OPEN,
    /** Too many calls are running; nothing was sent. */
    BULKHEAD_FULL,
    /** The calling thread was interrupted, and still is. */
    INTERRUPTED;

    /** Whether time ran out, be it the attempt's or the caller's. */
    public boolean timedOut() {
        return this == TIMEOUT || this == DEADLINE;
    }
}
