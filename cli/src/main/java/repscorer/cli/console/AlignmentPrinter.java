package repscorer.cli.console;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import repscorer.wire.AlignmentBody;
import repscorer.wire.AlignmentBody.CoordinatesBody;
import repscorer.wire.AlignmentBody.FitBody;

/** Prints alignments as tables. */
public final class AlignmentPrinter {

    private final PrintStream out;

    public AlignmentPrinter(PrintStream out) {
        this.out = out;
    }

    public void print(List<AlignmentBody> alignments) {
        for (AlignmentBody each : alignments) {
            out.println("%s  %s onto %s and back: %s pairs, judged by %s of %s shared ids"
                    .formatted(
                            each.model(),
                            words(each.from()),
                            words(each.to()),
                            each.pairs(),
                            each.heldOut(),
                            each.shared()));
            out.println("                 cosine  recall@10    back: cosine  recall@10");
            for (FitBody fit : each.fits()) {
                out.println(String.format(
                        Locale.ROOT,
                        "  %-12s %9.3f %10.3f %15.3f %10.3f%s",
                        fit.method(),
                        fit.forward().cosine(),
                        fit.forward().recall(),
                        fit.backward().cosine(),
                        fit.backward().recall(),
                        fit.method().equals(each.method()) ? "  kept as " + each.name() : ""));
            }
        }
    }

    private static String words(CoordinatesBody side) {
        return side.training() == null ? side.release() : side.release() + " (" + side.training() + ")";
    }
}
