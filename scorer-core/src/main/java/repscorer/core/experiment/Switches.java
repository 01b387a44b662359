package repscorer.core.experiment;

import java.util.Locale;
import java.util.Map;

/**
 * Parts of the service that are served to a share of those who ask, and to nobody at a share of 0. Immutable.
 *
 * @param shares in ten-thousandths, by part; a part that is not there is served to all
 */
public record Switches(Map<Part, Integer> shares) {

    /** All is served to all. */
    public static final Switches NONE = new Switches(Map.of());

    /** The share of what is served to all. */
    public static final int WHOLE = Schedule.WHOLE;

    /** What may be switched off. */
    public enum Kind {
        SURFACE,
        /** The columns that read it. */
        SPACE,
        /** One that an experiment or a request names. */
        RELEASE,
        /** By the name of its key. */
        CALLER;

        /** As files and addresses write it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** One of a kind, by its name. */
    public record Part(Kind kind, String name) {}

    /** @throws IllegalArgumentException for a share that is not 0 to {@value #WHOLE} */
    public Switches {
        shares = Map.copyOf(shares);
        shares.forEach((part, share) -> {
            if (share < 0 || share > WHOLE) {
                throw new IllegalArgumentException(
                        "a share must be 0 to %s: %s of %s %s".formatted(WHOLE, share, part.kind, part.name));
            }
        });
    }

    /** Whether nothing is switched off, for anybody. */
    public boolean isEmpty() {
        return shares.isEmpty();
    }

    /** Whether some part of a kind has a share of its own. */
    public boolean concern(Kind kind) {
        return shares.keySet().stream().anyMatch(part -> part.kind == kind);
    }

    /**
     * Whether a part is served to one who asks. Whoever is served at a share is served at every larger one.
     *
     * @param asker a unit, or what else stays the same from one request to the next
     */
    public boolean serves(Kind kind, String name, String asker) {
        Integer share = shares.isEmpty() ? null : shares.get(new Part(kind, name));
        return share == null || share == WHOLE || share > 0 && place(kind, name, asker) < share;
    }

    /** Eight bytes of a SHA-256 of {@code switch:KIND:NAME:ASKER}, modulo {@value #WHOLE}. */
    private static long place(Kind kind, String name, String asker) {
        Units units = Units.borrow(asker);
        try {
            return units.draw(Units.prefix("switch:%s:%s:".formatted(kind, name)), WHOLE);
        } finally {
            units.giveBack();
        }
    }
}
