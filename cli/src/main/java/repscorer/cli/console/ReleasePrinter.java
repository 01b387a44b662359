package repscorer.cli.console;

import java.io.PrintStream;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import repscorer.wire.CanaryBody;
import repscorer.wire.HistoryEntryBody;
import repscorer.wire.ReleaseBody;
import repscorer.wire.ReleaseBody.GateBody;

/** Prints releases for a person: what they are, what was measured, what is wrong with them. */
public final class ReleasePrinter {

    private ReleasePrinter() {}

    /** One release with all that is known of it. */
    public static void print(ReleaseBody body, PrintStream out) {
        out.printf(
                Locale.ROOT,
                "%s is %s: %s spaces%n",
                body.release(),
                body.state(),
                Integer.toString(body.versions().size()));
        if (body.carried() != null) {
            body.carried()
                    .forEach((space, from) -> out.printf(Locale.ROOT, "  %s is carried over from %s%n", space, from));
        }
        if (body.gates() == null) {
            body.checks().forEach((check, value) -> out.printf(Locale.ROOT, "  %s = %.4f%n", check, value));
        } else {
            gates(body.gates(), out);
        }
        if (body.forced() != null) {
            out.printf(
                    Locale.ROOT,
                    "  forced by %s at %s: %s%n",
                    body.forced().by(),
                    body.forced().at(),
                    body.forced().reason());
        }
    }

    /** What is tried on a share of units, and what became of what was. */
    public static void print(CanaryBody body, PrintStream out) {
        CanaryBody.Running running = body.running();
        if (running == null) {
            out.println("no release is tried");
        } else {
            out.println("%s answers %s of 10000 units beside %s, until %s at least"
                    .formatted(running.release(), running.share(), running.against(), running.until()));
            out.println("  %s of %s units so far, waits for %s; begun by %s: %s"
                    .formatted(
                            running.units(), running.unitsMin(), running.waitsFor(), running.by(), running.reason()));
        }
        for (HistoryEntryBody each : body.history()) {
            out.println("  %s  %s  by %s: %s"
                    .formatted(each.at(), each.after() == null ? "ended" : "begun", each.author(), each.reason()));
        }
    }

    /** What a release was held to: what failed first. */
    private static void gates(List<GateBody> gates, PrintStream out) {
        List<GateBody> sorted =
                gates.stream().sorted(Comparator.comparing(GateBody::passed)).toList();
        int gate = width(sorted, GateBody::gate);
        int of = width(sorted, GateBody::of);
        String row = "  %-" + gate + "s  %-" + of + "s  %10s  %8s  %8s  %s%n";
        out.printf(Locale.ROOT, row, "gate", "of", "value", "min", "max", "");
        for (GateBody each : sorted) {
            out.printf(
                    Locale.ROOT,
                    row,
                    each.gate(),
                    each.of(),
                    String.format(Locale.ROOT, "%.4f", each.value()),
                    bound(each.min()),
                    bound(each.max()),
                    each.passed() ? "" : "FAILED");
        }
    }

    private static int width(List<GateBody> gates, Function<GateBody, String> column) {
        return gates.stream()
                        .mapToInt(each -> column.apply(each).length())
                        .max()
                        .orElse(1)
                + 1;
    }

    private static String bound(@Nullable Double bound) {
        return bound == null ? "" : String.format(Locale.ROOT, "%.4g", bound);
    }

    /** One line for each. */
    public static void list(List<ReleaseBody> releases, PrintStream out) {
        int width = releases.stream()
                .mapToInt(each -> each.release().length())
                .max()
                .orElse(0);
        for (ReleaseBody each : releases) {
            String pinned = Boolean.TRUE.equals(each.pinned()) ? "  pinned" : "";
            String forced =
                    each.forced() == null ? "" : "  forced: " + each.forced().reason();
            String reason = each.rejection() == null ? forced : "  " + each.rejection();
            out.println(
                    String.format(Locale.ROOT, "%-" + Math.max(1, width) + "s  %-8s  ", each.release(), each.state())
                            + each.publishedAt() + "  " + each.versions().size() + " spaces" + pinned + reason);
        }
    }
}
