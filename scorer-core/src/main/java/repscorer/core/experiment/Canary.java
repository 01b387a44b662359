package repscorer.core.experiment;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A release that answers a share of units before it goes live for all: on each surface an experiment of its own, whose other variant is the
 * live release. A unit is on the same side on all surfaces, and stays there.
 *
 * @param release that is tried
 * @param against the release that was live when it began
 * @param tenThousandths of all units that it answers
 * @param lasting how long before it may go live
 * @param forced whether gates that fail do not keep it from going live
 */
public record Canary(
        String release, String against, int tenThousandths, Instant begun, Duration lasting, boolean forced) {

    public static final int SHARE_MAX = 5_000;
    public static final Duration LASTING_MIN = Duration.ofSeconds(1);
    public static final Duration LASTING_MAX = Duration.ofDays(30);

    /** The variant that the tried release answers. */
    public static final String VARIANT = "canary";

    private static final String LIVE = "live";
    private static final String PREFIX = "canary:";

    /** @throws IllegalArgumentException for a share or a time out of bounds, naming both */
    public Canary {
        if (tenThousandths < 1 || tenThousandths > SHARE_MAX) {
            throw new IllegalArgumentException(
                    "a canary answers 1 to %s of 10000 units: %s".formatted(SHARE_MAX, tenThousandths));
        }
        if (lasting.compareTo(LASTING_MIN) < 0 || lasting.compareTo(LASTING_MAX) > 0) {
            throw new IllegalArgumentException("a canary lasts 1s to 30d: %ss".formatted(lasting.toSeconds()));
        }
    }

    /** Whether an experiment of this name is a canary's; no other's has a colon. */
    public static boolean isOne(String experiment) {
        return experiment.startsWith(PREFIX);
    }

    /** What the experiment on a surface is called. */
    public static String on(String surface) {
        return PREFIX + surface;
    }

    public Instant until() {
        return begun.plus(lasting);
    }

    /** An experiment on each of some surfaces, with these guard-rails, which share out their false alarms. */
    public List<Experiment> experiments(List<String> surfaces, GuardRails rails) {
        GuardRails each = new GuardRails(
                rails.excess(), rails.slow(), Optional.of(LIVE), rails.falseAlarms() / Math.max(1, surfaces.size()));
        List<Experiment> experiments = new ArrayList<>();
        for (String surface : surfaces) {
            experiments.add(new Experiment(
                    on(surface),
                    surface,
                    on(surface),
                    // Deals by the salt alone, so that all surfaces deal alike.
                    PREFIX + release,
                    Bucketing.GROWTHBOOK_2,
                    0,
                    Experiment.BUCKETS,
                    List.of(
                            new Variant(LIVE, Experiment.BUCKETS - tenThousandths, Map.of()),
                            new Variant(VARIANT, tenThousandths, Map.of("release", release))),
                    true,
                    new Schedule(Optional.of(begun), Optional.empty(), List.of()),
                    Eligibility.ANYTHING,
                    Map.of(),
                    each));
        }
        return experiments;
    }

    /** As a line of text. */
    public String toText() {
        return "release=%s against=%s share=%s begun=%s lasting=%s forced=%s"
                .formatted(release, against, tenThousandths, begun, lasting, forced);
    }

    /** @throws IllegalArgumentException for text that {@link #toText} never made */
    public static Canary ofText(String text) {
        String[] parts = text.split("[ =]", -1);
        if (parts.length != 12) {
            throw new IllegalArgumentException("a canary is six names and values: '%s'".formatted(text));
        }
        return new Canary(
                parts[1],
                parts[3],
                Integer.parseInt(parts[5]),
                Instant.parse(parts[7]),
                Duration.parse(parts[9]),
                Boolean.parseBoolean(parts[11]));
    }
}
