package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a release is tried on a share of units, and what became of those before it.
 *
 * @param running the one that is tried; absent where none is
 * @param history what was begun and ended by whom and why, latest first
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CanaryBody(@Nullable Running running, List<HistoryEntryBody> history) {

    /**
     * A release that is tried.
     *
     * @param against the live release
     * @param share of ten thousand units
     * @param begun when
     * @param until before this it does not go live by itself
     * @param units that it answered, counted since it began or the service did
     * @param unitsMin that it answers before it goes live by itself
     * @param waitsFor what it goes live after, in words
     * @param by the name of the key that began it
     * @param reason why, in words
     */
    public record Running(
            String release,
            String against,
            int share,
            String begun,
            String until,
            long units,
            long unitsMin,
            String waitsFor,
            String by,
            String reason) {}
}
