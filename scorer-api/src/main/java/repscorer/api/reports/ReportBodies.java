package repscorer.api.reports;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import repscorer.analysis.ExperimentReport;
import repscorer.analysis.statistics.CreditShare;
import repscorer.analysis.statistics.Effect;
import repscorer.wire.ExperimentReportResponse;
import repscorer.wire.ExperimentReportResponse.DayBody;
import repscorer.wire.ExperimentReportResponse.EffectBody;
import repscorer.wire.ExperimentReportResponse.ExposedBody;
import repscorer.wire.ExperimentReportResponse.MetricBody;
import repscorer.wire.ExperimentReportResponse.SampleRatioBody;
import repscorer.wire.ExperimentReportResponse.SharedBody;

/** Makes the body of a report. Stateless. */
public final class ReportBodies {

    private ReportBodies() {}

    public static ExperimentReportResponse of(ExperimentReport report) {
        long units = report.variants().stream()
                .mapToLong(ExperimentReport.VariantSummary::units)
                .sum();
        return new ExperimentReportResponse(
                report.experiment(),
                report.verdict().state().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                report.verdict().sentence(),
                report.control(),
                report.goal().orElse(null),
                1 - report.alpha(),
                report.answers(),
                report.from().map(Instant::toString).orElse(null),
                report.to().map(Instant::toString).orElse(null),
                report.crossed(),
                report.variants().stream()
                        .map(variant -> new ExposedBody(
                                variant.variant(),
                                variant.units(),
                                variant.answers(),
                                variant.dueShare(),
                                units == 0 ? 0 : variant.units() / (double) units,
                                variant.millisMedian(),
                                variant.millisP99()))
                        .toList(),
                report.ratio()
                        .map(ratio -> new SampleRatioBody(ratio.chiSquare(), ratio.pValue(), ratio.anytime()))
                        .orElse(null),
                report.metrics().stream()
                        .map(metric -> new MetricBody(
                                metric.metric(),
                                metric.treatment(),
                                effect(metric.effect()),
                                metric.adjusted(),
                                metric.margin().orElse(null),
                                metric.broken()))
                        .toList(),
                report.days().stream()
                        .map(day -> new DayBody(day.day().toString(), day.treatment(), effect(day.effect())))
                        .toList(),
                report.interleaved().stream().map(ReportBodies::shared).toList(),
                report.notes());
    }

    private static EffectBody effect(Effect effect) {
        return new EffectBody(
                effect.control(),
                effect.treatment(),
                effect.difference(),
                finite(effect.interval().low()),
                finite(effect.interval().high()),
                finite(effect.anytime().low()),
                finite(effect.anytime().high()),
                effect.pValue());
    }

    private static SharedBody shared(ExperimentReport.Interleaved shared) {
        CreditShare credit = shared.credit();
        return new SharedBody(
                shared.second(),
                credit.units(),
                shared.answers(),
                credit.share(),
                finite(credit.interval().low()),
                finite(credit.interval().high()),
                finite(credit.anytime().low()),
                finite(credit.anytime().high()),
                finite(credit.least()),
                shared.abTimes() == 0 ? null : shared.abTimes());
    }

    private static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
