package repscorer.cli.console;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import repscorer.wire.ReleaseBody;

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
        body.checks().forEach((check, value) -> out.printf(Locale.ROOT, "  %s = %.4f%n", check, value));
    }

    /** One line for each. */
    public static void list(List<ReleaseBody> releases, PrintStream out) {
        int width = releases.stream()
                .mapToInt(each -> each.release().length())
                .max()
                .orElse(0);
        for (ReleaseBody each : releases) {
            String pinned = Boolean.TRUE.equals(each.pinned()) ? "  pinned" : "";
            String reason = each.rejection() == null ? "" : "  " + each.rejection();
            out.println(
                    String.format(Locale.ROOT, "%-" + Math.max(1, width) + "s  %-8s  ", each.release(), each.state())
                            + each.publishedAt() + "  " + each.versions().size() + " spaces" + pinned + reason);
        }
    }
}
