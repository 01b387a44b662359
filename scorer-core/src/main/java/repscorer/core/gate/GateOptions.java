package repscorer.core.gate;

import java.util.Map;
import repscorer.core.drift.DriftOptions;

/**
 * What releases are held to.
 *
 * @param sample ids of each space that are looked at
 * @param bounds of every space that has none of its own
 * @param spaces of single spaces, by name
 * @param heldOut what surfaces are to find
 */
public record GateOptions(int sample, GateBounds bounds, Map<String, GateBounds> spaces, HeldOutOptions heldOut) {

    public static final GateOptions DEFAULT =
            new GateOptions(300, GateBounds.DEFAULT, Map.of(), HeldOutOptions.DEFAULT);

    public GateOptions {
        if (sample < 1 || sample > DriftOptions.SAMPLE_MAX) {
            throw new IllegalArgumentException("sample must be 1 to %s: %s".formatted(DriftOptions.SAMPLE_MAX, sample));
        }
        spaces = Map.copyOf(spaces);
    }

    /** What a space is held to. */
    public GateBounds of(String space) {
        return spaces.getOrDefault(space, bounds);
    }
}
