package repscorer.client;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import repscorer.wire.ProblemBody;

/** A call of {@link ScorerClient} that has no answer to give. Each subtype asks something else of the caller. */
public abstract sealed class ScorerClientException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ScorerClientException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** The service refuses the request (status 4xx): the request or the state it meets must change first. */
    public static final class Refused extends ScorerClientException {
        private static final long serialVersionUID = 1L;

        private final transient ProblemBody problem;

        Refused(String message, ProblemBody problem) {
            super(message, null);
            this.problem = problem;
        }

        /** The rule that was broken; with no more than a status where the answer holds no problem document. */
        public ProblemBody problem() {
            return problem;
        }

        public int status() {
            return problem.status();
        }

        /** The stable name of the rule, such as {@code dimension-differs}. */
        public Optional<String> code() {
            return Optional.ofNullable(problem.code());
        }
    }

    /**
     * The service cannot be reached, does not answer in time, or says that it fails (status 5xx): the same call may succeed
     * later. Whether a changing call took effect is not known.
     */
    public static final class Unavailable extends ScorerClientException {
        private static final long serialVersionUID = 1L;

        private final int status;
        private final transient @Nullable ProblemBody problem;
        private final @Nullable Duration retryAfter;

        Unavailable(String message, int status, @Nullable ProblemBody problem, @Nullable Duration retryAfter) {
            super(message, null);
            this.status = status;
            this.problem = problem;
            this.retryAfter = retryAfter;
        }

        /** Empty where there was no answer at all. */
        public OptionalInt status() {
            return status == 0 ? OptionalInt.empty() : OptionalInt.of(status);
        }

        public Optional<ProblemBody> problem() {
            return Optional.ofNullable(problem);
        }

        /** How long the service asks to be left alone. */
        public Optional<Duration> retryAfter() {
            return Optional.ofNullable(retryAfter);
        }
    }

    /** What came is not an answer of this service: not readable, not whole, too large, or an odd status. */
    public static final class Broken extends ScorerClientException {
        private static final long serialVersionUID = 1L;

        Broken(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
