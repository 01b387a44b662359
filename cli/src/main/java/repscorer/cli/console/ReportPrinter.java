package repscorer.cli.console;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import repscorer.training.TrainingReport;

/** Prints for a person what training did: how much it read, how long it took, how well it finds held-out edges. */
public final class ReportPrinter {

    private ReportPrinter() {}

    public static void print(TrainingReport report, PrintStream out) {
        out.println("  read " + listed(report.trainingEdges()) + " edges between " + listed(report.entities()));
        if (report.badRows() > 0) {
            out.printf(Locale.ROOT, "  left out %,d bad rows, such as %s%n", report.badRows(), report.badRowExamples());
        }
        Map<String, Double> seconds = report.seconds();
        out.printf(
                Locale.ROOT,
                "  learnt in %.0f s: TwHIN %.0f s (%,.0f edges a second), SimClusters %.0f s (%,d communities)%n",
                seconds.getOrDefault("total", 0.0),
                seconds.getOrDefault("twhin", 0.0),
                report.edgesPerSecond(),
                seconds.getOrDefault("simclusters", 0.0),
                report.clusters());
        if (seconds.containsKey("interests")) {
            out.printf(Locale.ROOT, "  mixtures of interests in %.0f s%n", seconds.get("interests"));
        }
        report.training().ifPresent(name -> out.println("  its files name the training " + name));
        report.notes().ifPresent(notes -> notes.forEach(note -> out.println("  " + note)));
        if (!report.evaluation().rows().isEmpty()) {
            out.println("  found again of the edges that were held out:");
            report.evaluation().toTable().lines().forEach(line -> out.println("    " + line));
        }
    }

    private static String listed(Map<String, Integer> counts) {
        return counts.entrySet().stream()
                .map(entry -> String.format(Locale.ROOT, "%,d %s", entry.getValue(), entry.getKey()))
                .collect(Collectors.joining(", "));
    }
}
