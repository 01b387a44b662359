package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The receipt of an erasure.
 *
 * @param receipt its name
 * @param at when it was asked for: from then on the subject answers nothing
 * @param by who asked
 * @param reason why
 * @param subjects how many texts are erased: ids, units, and what they are written as in logs
 * @param status running, waiting or done
 * @param waiting why it goes on later; absent where nothing failed
 * @param done when the last byte was gone; absent until then
 * @param places what became of each place
 * @param checked what a look into every place found, where that was asked for
 * @param found how much of the subject that look found; 0 where it is nowhere
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ErasureBody(
        String receipt,
        String at,
        String by,
        String reason,
        int subjects,
        String status,
        @Nullable String waiting,
        @Nullable String done,
        List<PlaceBody> places,
        @Nullable List<CheckedBody> checked,
        @Nullable Long found) {

    /**
     * What became of a place.
     *
     * @param place a release, the signals, the decisions …
     * @param outcome in words
     */
    public record PlaceBody(String place, String outcome) {}

    /**
     * A place that was looked through.
     *
     * @param place a directory, or what is in memory
     * @param files that were read
     * @param found rows, columns, records or lines of the subject
     */
    public record CheckedBody(String place, long files, long found) {}
}
