package repscorer.cli.console;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import repscorer.wire.ComparisonResponse;
import repscorer.wire.ComparisonResponse.DistributionBody;
import repscorer.wire.ComparisonResponse.ListDriftBody;
import repscorer.wire.ComparisonResponse.NeighborDriftBody;
import repscorer.wire.ComparisonResponse.SpaceDriftBody;
import repscorer.wire.ComparisonResponse.SurfaceDriftBody;

/** Prints for a person how two releases differ: a table for each surface and each space. */
public final class ComparisonPrinter {

    private static final int NAME_WIDTH = 28;
    private static final int NOTE_WIDTH = 100;

    private final PrintStream out;

    public ComparisonPrinter(PrintStream out) {
        this.out = out;
    }

    public void print(ComparisonResponse comparison) {
        line("%s and %s: at most %s ids of each space, seed %s"
                .formatted(comparison.a(), comparison.b(), comparison.sample(), comparison.seed()));
        missing(comparison.a(), comparison.onlyA());
        missing(comparison.b(), comparison.onlyB());
        comparison.surfaces().forEach(this::surface);
        comparison.spaces().forEach(this::space);
    }

    private void missing(String release, List<String> spaces) {
        if (!spaces.isEmpty()) {
            line("only in %s: %s".formatted(release, String.join(", ", spaces)));
        }
    }

    private void surface(SurfaceDriftBody surface) {
        heading("surface " + surface.surface(), "%s sources".formatted(surface.sources()));
        if (surface.unansweredA() + surface.unansweredB() > 0) {
            note("without candidates: %s in the first, %s in the second; %s"
                    .formatted(surface.unansweredA(), surface.unansweredB(), surface.reason()));
        }
        list(surface.answers());
        surface.worst()
                .forEach(worst -> line(String.format(
                        Locale.ROOT,
                        "    least alike: %s  overlap %.2f  rbo %.2f",
                        worst.source(),
                        worst.overlap(),
                        worst.rankBiasedOverlap())));
    }

    private void space(SpaceDriftBody space) {
        String counts = "%s in both, %s only in the first, %s only in the second"
                .formatted(space.shared(), space.onlyA(), space.onlyB());
        if (equal(space)) {
            line("");
            line(Terminal.bold(space.space()) + "  " + counts + "; every row that was drawn is equal");
            return;
        }
        heading(space.space(), counts);
        if (space.note() != null) {
            note(space.note());
        }
        if (space.dense() != null) {
            spread("cosine", space.dense().cosine());
            spread("L2", space.dense().l2());
            spread("norm, second by first", space.dense().normRatio());
        }
        if (space.sparse() != null) {
            share("greatest cluster changed", space.sparse().greatestChanged());
            share("labels changed", space.sparse().labelsMoved());
            if (space.sparse().relabelled() > 0) {
                line("  " + pad("clusters with another label")
                        + String.format(Locale.ROOT, "%8s", space.sparse().relabelled()));
            }
            spread("Jaccard of clusters", space.sparse().jaccard());
            spread("L1 of weights", space.sparse().l1());
            spread("weight, second by first", space.sparse().weightRatio());
            space.sparse()
                    .moved()
                    .forEach(moved -> line("    moved: %s  %s -> %s".formatted(moved.id(), moved.from(), moved.to())));
        }
        NeighborDriftBody neighbors = space.neighbors();
        if (neighbors != null) {
            neighbors.lists().forEach(this::list);
        }
    }

    /** Whether nothing that was looked at differs, neighbours either. */
    private static boolean equal(SpaceDriftBody space) {
        boolean rows = space.dense() != null
                ? isZero(space.dense().l2())
                : space.sparse() != null
                        && isZero(space.sparse().l1())
                        && space.sparse().relabelled() == 0;
        NeighborDriftBody neighbors = space.neighbors();
        return rows
                && (neighbors == null
                        || neighbors.lists().stream()
                                .allMatch(list -> list.overlap().min() == 1));
    }

    private static boolean isZero(@Nullable DistributionBody values) {
        return values != null && values.max() == 0;
    }

    private void list(@Nullable ListDriftBody list) {
        if (list != null) {
            spread("overlap@" + list.k(), list.overlap());
            spread("rbo@" + list.k(), list.rankBiasedOverlap());
        }
    }

    private void heading(String what, String more) {
        line("");
        line(Terminal.bold(what) + "  " + more);
        line("  %s%8s %8s %8s %8s %8s %8s".formatted(" ".repeat(NAME_WIDTH), "mean", "p1", "p10", "p50", "p90", "p99"));
    }

    private void spread(String name, @Nullable DistributionBody values) {
        if (values != null) {
            line("  " + pad(name) + number(values.mean()) + " " + number(values.p1()) + " " + number(values.p10()) + " "
                    + number(values.p50()) + " " + number(values.p90()) + " " + number(values.p99()));
        }
    }

    private void share(String name, @Nullable Double share) {
        if (share != null) {
            line("  " + pad(name) + number(share));
        }
    }

    private void note(String text) {
        line("    " + (text.length() <= NOTE_WIDTH ? text : text.substring(0, NOTE_WIDTH - 1) + "…"));
    }

    private static String pad(String name) {
        return name + " ".repeat(Math.max(1, NAME_WIDTH - name.length()));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) >= 1_000 ? "%8.0f" : "%8.3f", value);
    }

    private void line(String text) {
        out.println(text);
    }
}
