package repscorer.core.experiment;

import java.util.Map;

/**
 * Units that experiments leave alone: of all layers, or of one.
 *
 * @param everywhere of all layers
 * @param layers by the layer's name
 */
public record HoldOuts(HoldOut everywhere, Map<String, HoldOut> layers) {

    public static final HoldOuts NONE = new HoldOuts(HoldOut.NOBODY, Map.of());

    /**
     * A share of all units.
     *
     * @param tenThousandths of {@value Schedule#WHOLE}
     * @param salt mixed into the hash; another one holds others out
     */
    public record HoldOut(int tenThousandths, String salt) {

        public static final HoldOut NOBODY = new HoldOut(0, "");

        public HoldOut {
            if (tenThousandths < 0 || tenThousandths > Schedule.WHOLE) {
                throw new IllegalArgumentException(
                        "a share must be 0 to 1: %s of %s".formatted(tenThousandths, Schedule.WHOLE));
            }
        }
    }

    public HoldOuts {
        layers = Map.copyOf(layers);
    }
}
