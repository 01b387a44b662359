package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was done to a service.
 *
 * @param entries in the order it was done
 * @param count entries of the whole log
 * @param hash of the last of them, to be noted elsewhere: who has it sees that later lines were cut off
 * @param broken the first line that was changed, taken out, put in or moved; absent where all hang together
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AuditResponse(
        List<AuditEntryBody> entries,
        long count,
        String hash,
        @Nullable String broken) {

    /**
     * Something that was done, or that was tried and refused.
     *
     * @param seq 1 for the first
     * @param at when
     * @param who the name of a key, the admin token, what acts by itself, or a command line's user
     * @param from the address it came from
     * @param what the request's method and address, or the command
     * @param status of the answer; 0 for a command
     * @param before of what it changed, by name, what it was
     * @param after the same afterwards
     * @param hash of the line
     */
    public record AuditEntryBody(
            long seq,
            String at,
            String who,
            String from,
            String what,
            int status,
            Map<String, String> before,
            Map<String, String> after,
            String hash) {}
}
