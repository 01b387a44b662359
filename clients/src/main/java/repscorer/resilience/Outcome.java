package repscorer.resilience;

import java.net.http.HttpHeaders;

/** How a call ended. */
public sealed interface Outcome {

    /**
     * The other side answered, with whatever status.
     *
     * @param body handed over; empty where there is none
     */
    @SuppressWarnings("ArrayRecordComponent") // read once by the caller, never compared
    record Answered(int status, HttpHeaders headers, byte[] body) implements Outcome {

        /** The media type in lower case without parameters; empty where none is named. */
        public String mediaType() {
            String type = headers.firstValue("Content-Type").orElse("");
            int semicolon = type.indexOf(';');
            return (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(java.util.Locale.ROOT);
        }

        /** Whether the media type is JSON or builds on it. */
        public boolean isJson() {
            String type = mediaType();
            return type.equals("application/json") || type.endsWith("+json");
        }
    }

    /** @param message what happened, with the address, in words an operator understands */
    record Failed(FailureCause cause, String message) implements Outcome {}
}
