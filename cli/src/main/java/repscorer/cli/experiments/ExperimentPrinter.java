package repscorer.cli.experiments;

import java.io.PrintStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import repscorer.analysis.BlendFit;
import repscorer.analysis.PlanEstimate;
import repscorer.analysis.ScoreCalibration;
import repscorer.analysis.offpolicy.OffPolicy;
import repscorer.analysis.offpolicy.PolicyValue;
import repscorer.wire.ExperimentReportResponse;
import repscorer.wire.ExperimentReportResponse.EffectBody;
import repscorer.wire.ExperimentReportResponse.ExposedBody;
import repscorer.wire.ExperimentReportResponse.MetricBody;
import repscorer.wire.ExperimentReportResponse.SharedBody;

/** Prints what was made of a log, for people. */
final class ExperimentPrinter {

    private final PrintStream out;

    ExperimentPrinter(PrintStream out) {
        this.out = out;
    }

    void print(ExperimentReportResponse report, String leftOut) {
        out.println(report.verdict());
        if (report.from() != null && report.to() != null) {
            line("%n%s to %s", report.from(), report.to());
        }
        if (!report.variants().isEmpty()) {
            line("%n%-32s %9s %8s %8s %10s %8s %8s", "variant", "units", "share", "due", "answers", "p50 ms", "p99 ms");
            for (ExposedBody variant : report.variants()) {
                line(
                        "%-32s %9d %6.1f %% %6.1f %% %10d %8.2f %8.2f",
                        variant.variant(),
                        variant.units(),
                        100 * variant.share(),
                        100 * variant.dueShare(),
                        variant.answers(),
                        variant.millisMedian(),
                        variant.millisP99());
            }
        }
        if (report.sampleRatio() != null) {
            line(
                    "counts as uneven as these by chance: p = %.3g at one look, %.3g at any",
                    report.sampleRatio().pValue(), report.sampleRatio().anytime());
        }
        report.variants().stream()
                .map(ExposedBody::variant)
                .filter(variant -> !variant.equals(report.control()))
                .forEach(treatment -> metrics(report, treatment));
        report.shared().forEach(this::shared);
        report.notes().forEach(note -> line("note: %s", note));
        if (!leftOut.isEmpty()) {
            line("note: %s", leftOut);
        }
    }

    private void metrics(ExperimentReportResponse report, String treatment) {
        line(
                "%n%-32s %10s %10s %10s %22s %22s",
                treatment, report.control(), "here", "change", "one look, 95 %", "any look, 95 %");
        for (MetricBody metric : report.metrics()) {
            if (metric.treatment().equals(treatment)) {
                EffectBody effect = metric.effect();
                line(
                        "%-32s %10.4f %10.4f %+10.4f %22s %22s%s",
                        metric.metric() + (metric.adjusted() ? " (adjusted)" : ""),
                        effect.control(),
                        effect.treatment(),
                        effect.difference(),
                        interval(effect.low(), effect.high()),
                        interval(effect.anytimeLow(), effect.anytimeHigh()),
                        metric.broken() ? "  BROKEN" : "");
            }
        }
    }

    private void shared(SharedBody shared) {
        line(
                "%nanswers shared with %s: %d to %d units, share of credit %.2f %%, one look %s, any look %s",
                shared.variant(),
                shared.answers(),
                shared.units(),
                100 * shared.share(),
                interval(shared.low(), shared.high()),
                interval(shared.anytimeLow(), shared.anytimeHigh()));
        if (shared.least() != null) {
            line("so many units find a share of 50 %% ± %.2f %% in four of five cases", 100 * shared.least());
        }
        if (shared.abTimes() != null) {
            line("an A/B test over the same people would take about %.0f times as many answers", shared.abTimes());
        }
    }

    private static String interval(@Nullable Double low, @Nullable Double high) {
        return low == null || high == null ? "not bounded" : String.format(Locale.ROOT, "%.4f to %.4f", low, high);
    }

    void print(OffPolicy value, PlanEstimate estimate, String kind) {
        line(
                "%s an answer, over %d answers that tell as much as %.0f of the plan's own:",
                kind, value.overlap().lists(), value.overlap().effective());
        print("the log's own plan", value.log());
        print("the plan, doubly robust", value.doublyRobust());
        print("the plan, self-normalised", value.selfNormalised());
        print("the plan, weighted", value.weighted());
        if (estimate.unfinished() > 0) {
            line("note: %d answers end before what chance reordered ends, and were left out", estimate.unfinished());
        }
        value.overlap().doubt().ifPresent(doubt -> line("note: %s", doubt));
    }

    private void print(String name, PolicyValue value) {
        line(
                "%-28s %.5f ± %.5f   %s",
                name,
                value.value(),
                value.error(),
                interval(value.interval().low(), value.interval().high()));
    }

    void print(BlendFit fit) {
        line("log-odds of the outcome over %d candidates that were seen, %d with it:", fit.rows(), fit.outcomes());
        fit.weights().forEach(this::print);
        print(fit.rank());
        out.println("overrides of a variant, where the blend brings columns to one spread:");
        out.println("  overrides:");
        fit.overrides().forEach((setting, value) -> line("    %s: %s", setting, value));
        fit.weights().stream()
                .filter(weight -> weight.logOdds() <= 0)
                .forEach(weight ->
                        line("note: %s speaks against the outcome, and a weight is not negative", weight.column()));
    }

    private void print(BlendFit.Weight weight) {
        line(
                "%-28s %+.4f   %s",
                weight.column().equals("rank") ? "twice the rank" : weight.column() + ", one σ more",
                weight.logOdds(),
                interval(weight.interval().low(), weight.interval().high()));
    }

    void print(ScoreCalibration calibration) {
        line(
                "%d points, from %.5f to %.5f, over %d candidates that were seen, %d with the outcome",
                calibration.calibration().points().size(),
                calibration.calibration().points().getFirst().probability(),
                calibration.calibration().points().getLast().probability(),
                calibration.rows(),
                calibration.outcomes());
        line(
                "expected calibration error on units that the fit did not see: %.5f; of telling everybody the mean: %.5f",
                calibration.error(), calibration.constantError());
    }

    private void line(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }
}
