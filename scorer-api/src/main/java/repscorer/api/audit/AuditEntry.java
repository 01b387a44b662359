package repscorer.api.audit;

import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Something that was done, or that was tried and refused.
 *
 * @param sequence 1 for the first
 * @param who the name of a key, the admin token, what acts by itself, or a command line's user
 * @param from the address it came from
 * @param what the request's method and address, or the command
 * @param status of the answer; 0 for a command
 * @param before of what it changed, by name, what it was; without what was not there
 * @param after the same afterwards
 * @param hash of the line
 */
public record AuditEntry(
        long sequence,
        Instant at,
        String who,
        String from,
        String what,
        int status,
        SortedMap<String, String> before,
        SortedMap<String, String> after,
        String hash) {

    public AuditEntry {
        before = Collections.unmodifiableSortedMap(new TreeMap<>(before));
        after = Collections.unmodifiableSortedMap(new TreeMap<>(after));
    }
}
