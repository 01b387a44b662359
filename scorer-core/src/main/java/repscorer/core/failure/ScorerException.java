package repscorer.core.failure;

/**
 * A request, a file or a state that stops an operation, in words its caller can act on: the rule, the value, the place.
 * Each subtype is one kind of answer over HTTP.
 */
public abstract sealed class ScorerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String code;

    ScorerException(String code, String message) {
        super(message);
        this.code = code;
    }

    ScorerException(String code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** One without a stack trace, which costs more than all else that a refusal does. */
    private ScorerException(String code, String message, boolean traced) {
        super(message, null, false, traced);
        this.code = code;
    }

    /** The stable name of the rule in lower case with hyphens, such as {@code dimension-differs}. */
    public String code() {
        return code;
    }

    /** The request breaks a rule. */
    public static final class Invalid extends ScorerException {
        private static final long serialVersionUID = 1L;

        private final String field;

        /** @param field the place in the request, such as {@code filters.kinds[1]} */
        public Invalid(String code, String field, String message) {
            super(code, message);
            this.field = field;
        }

        public String field() {
            return field;
        }
    }

    /** The request names something that is not there. */
    public static final class NotFound extends ScorerException {
        private static final long serialVersionUID = 1L;

        public NotFound(String code, String message) {
            super(code, message);
        }
    }

    /** The request does not fit the present state. */
    public static final class Conflict extends ScorerException {
        private static final long serialVersionUID = 1L;

        public Conflict(String code, String message) {
            super(code, message);
        }
    }

    /** A file or a release failed a check; nothing was changed. */
    public static final class Rejected extends ScorerException {
        private static final long serialVersionUID = 1L;

        public Rejected(String code, String message) {
            super(code, message);
        }

        public Rejected(String code, String message, Throwable cause) {
            super(code, message, cause);
        }
    }

    /** Nothing is live yet, or not what the request needs. */
    public static final class NotReady extends ScorerException {
        private static final long serialVersionUID = 1L;

        public NotReady(String code, String message) {
            super(code, message);
        }
    }

    /** More is asked at once than the service lets in. */
    public static final class Overloaded extends ScorerException {
        private static final long serialVersionUID = 1L;

        public Overloaded(String code, String message) {
            super(code, message, false);
        }
    }

    /** The disk is full or does not answer; nothing was changed, or nobody knows. */
    public static final class Storage extends ScorerException {
        private static final long serialVersionUID = 1L;

        private final Reason reason;
        private final boolean uncertain;

        /** What the disk does. */
        public enum Reason {
            FULL("storage-full"),
            FAILED("storage-failed");

            private final String code;

            Reason(String code) {
                this.code = code;
            }
        }

        public Storage(Reason reason, boolean uncertain, String message, Throwable cause) {
            super(reason.code, message, cause);
            this.reason = reason;
            this.uncertain = uncertain;
        }

        public Reason reason() {
            return reason;
        }

        /** Whether a restart may find that it was done after all; otherwise nothing was changed. */
        public boolean uncertain() {
            return uncertain;
        }
    }
}
