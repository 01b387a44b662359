package repscorer.api.reports;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import repscorer.api.page.Page;
import repscorer.wire.ExperimentReportResponse;
import repscorer.wire.ExperimentReportResponse.DayBody;
import repscorer.wire.ExperimentReportResponse.EffectBody;
import repscorer.wire.ExperimentReportResponse.ExposedBody;
import repscorer.wire.ExperimentReportResponse.MetricBody;
import repscorer.wire.ExperimentReportResponse.SharedBody;

/** A report as one page for a browser: the verdict, intervals and days, all inside the file, without scripts. */
public final class ReportPage {

    private static final int WIDTH = 320;
    private static final int ROW = 18;
    private static final int DAYS_WIDTH = 640;
    private static final int DAYS_HEIGHT = 180;

    private static final String STYLE = """
            p.verdict{font-size:18px;color:#1f2933;margin:12px 0} td.broken{color:#b42318;font-weight:600}
            svg{fill:currentColor} .wide{fill:#bcdcf2} .narrow{fill:#2b7fb8} .dot{fill:#0b3d5c} .zero{stroke:#8795a1;stroke-dasharray:3 3}
            @media(prefers-color-scheme:dark){p.verdict{color:#f5f7fa} .wide{fill:#274b66} .narrow{fill:#63b3e0} .dot{fill:#fff}
            td.broken{color:#ff8a80}}
            """;

    private final Page page;

    private ReportPage(String title) {
        page = new Page(title, STYLE);
    }

    /** The page. */
    public static String html(ExperimentReportResponse report) {
        ReportPage page = new ReportPage(report.experiment());
        page.write(report);
        return page.page.end();
    }

    private void write(ExperimentReportResponse report) {
        page.append("<p class=\"verdict\">")
                .append(Page.escaped(report.verdict()))
                .append("</p>\n");
        if (report.from() != null) {
            page.paragraph("%s to %s; %s answers".formatted(report.from(), report.to(), report.answers()));
        }
        report.notes().forEach(page::note);
        exposures(report);
        report.variants().stream()
                .map(ExposedBody::variant)
                .filter(variant -> !variant.equals(report.control()))
                .forEach(treatment -> treatment(report, treatment));
        report.shared().forEach(this::shared);
    }

    private void exposures(ExperimentReportResponse report) {
        if (report.variants().isEmpty()) {
            return;
        }
        page.heading("Who saw what");
        page.append("<table><tr><th>variant</th><th>units</th><th>share</th><th>due</th><th>answers</th>")
                .append("<th>median ms</th><th>p99 ms</th></tr>\n");
        for (ExposedBody variant : report.variants()) {
            row(
                    variant.variant(),
                    Long.toString(variant.units()),
                    percent(variant.share()),
                    percent(variant.dueShare()),
                    Long.toString(variant.answers()),
                    Page.number(variant.millisMedian()),
                    Page.number(variant.millisP99()));
        }
        page.append("</table>\n");
        if (report.sampleRatio() != null) {
            page.paragraph(
                    "Counts as uneven as these come by chance with probability %s at one look, %s at as many as one likes."
                            .formatted(
                                    Page.number(report.sampleRatio().pValue()),
                                    Page.number(report.sampleRatio().anytime())));
        }
    }

    private void treatment(ExperimentReportResponse report, String treatment) {
        page.heading("%s against %s".formatted(treatment, report.control()));
        page.paragraph(
                "Intervals of %s: the dark ones hold for one look at a time set before, the light ones for as many looks as one likes."
                        .formatted(percent(report.confidence())));
        page.append("<table><tr><th></th><th>%s</th><th>%s</th><th>difference</th><th>one look</th><th>any look</th>"
                        .formatted(Page.escaped(report.control()), Page.escaped(treatment)))
                .append("<th>let pass</th><th></th></tr>\n");
        for (MetricBody metric : report.metrics()) {
            if (metric.treatment().equals(treatment)) {
                metric(metric);
            }
        }
        page.append("</table>\n");
        List<DayBody> days = report.days().stream()
                .filter(day -> day.treatment().equals(treatment) && day.effect().anytimeLow() != null)
                .toList();
        if (days.size() > 1) {
            days("%s per unit, day by day".formatted(report.goal()), days);
        }
    }

    private void metric(MetricBody metric) {
        EffectBody effect = metric.effect();
        page.append("<tr><td>%s</td><td>%s</td><td>%s</td><td%s>%s</td><td>%s</td><td>%s</td><td>%s</td><td>"
                .formatted(
                        Page.escaped(metric.metric() + (metric.adjusted() ? " (adjusted)" : "")),
                        Page.number(effect.control()),
                        Page.number(effect.treatment()),
                        metric.broken() ? " class=\"broken\"" : "",
                        Page.number(effect.difference()),
                        interval(effect.low(), effect.high()),
                        interval(effect.anytimeLow(), effect.anytimeHigh()),
                        metric.margin() == null ? "" : Page.number(metric.margin())));
        forest(effect);
        page.append("</td></tr>\n");
    }

    /** Both intervals about zero, on a scale of their own. */
    private void forest(EffectBody effect) {
        if (effect.low() == null
                || effect.high() == null
                || effect.anytimeLow() == null
                || effect.anytimeHigh() == null) {
            return;
        }
        double reach = Math.max(Math.abs(effect.anytimeLow()), Math.abs(effect.anytimeHigh()));
        double scale = reach == 0 ? 0 : (WIDTH / 2.0 - 4) / reach;
        page.append("<svg width=\"%s\" height=\"%s\" role=\"img\" aria-label=\"difference %s\">"
                .formatted(WIDTH, ROW, Page.number(effect.difference())));
        bar(
                "wide",
                WIDTH / 2.0 + scale * effect.anytimeLow(),
                scale * (effect.anytimeHigh() - effect.anytimeLow()),
                5,
                8);
        bar("narrow", WIDTH / 2.0 + scale * effect.low(), scale * (effect.high() - effect.low()), 7, 4);
        page.append(
                "<line class=\"zero\" x1=\"%s\" y1=\"0\" x2=\"%s\" y2=\"%s\"/>".formatted(WIDTH / 2, WIDTH / 2, ROW));
        page.append(String.format(
                Locale.ROOT,
                "<circle class=\"dot\" cx=\"%.1f\" cy=\"9\" r=\"3\"/></svg>",
                WIDTH / 2.0 + scale * effect.difference()));
    }

    private void bar(String kind, double x, double width, int y, int height) {
        page.append(String.format(
                Locale.ROOT,
                "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>",
                kind,
                x,
                y,
                Math.max(1, width),
                height));
    }

    private void days(String caption, List<DayBody> days) {
        double reach = 0;
        // The first days are wide open; the scale is that of the last half.
        for (DayBody day : days.subList(days.size() / 2, days.size())) {
            reach = Math.max(reach, Math.max(Math.abs(low(day)), Math.abs(high(day))));
        }
        double scale = reach == 0 ? 0 : DAYS_HEIGHT / 2.0 / (1.2 * reach);
        double step = DAYS_WIDTH / (double) days.size();
        page.append(
                "<figure><svg width=\"%s\" height=\"%s\" role=\"img\">".formatted(DAYS_WIDTH + 60, DAYS_HEIGHT + 16));
        List<Double> dots = new ArrayList<>();
        for (int i = 0; i < days.size(); i++) {
            double top = clamped(DAYS_HEIGHT / 2.0 - scale * high(days.get(i)));
            double bottom = clamped(DAYS_HEIGHT / 2.0 - scale * low(days.get(i)));
            page.append(String.format(
                    Locale.ROOT,
                    "<rect class=\"wide\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
                    i * step,
                    top,
                    Math.max(1, step - 1),
                    Math.max(1, bottom - top)));
            dots.add(clamped(DAYS_HEIGHT / 2.0 - scale * days.get(i).effect().difference()));
        }
        page.append("<line class=\"zero\" x1=\"0\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>"
                .formatted(DAYS_HEIGHT / 2, DAYS_WIDTH, DAYS_HEIGHT / 2));
        for (int i = 0; i < dots.size(); i++) {
            page.append(String.format(
                    Locale.ROOT,
                    "<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\"/>",
                    (i + .5) * step,
                    dots.get(i)));
        }
        page.append("<text x=\"%s\" y=\"10\">%s</text><text x=\"%s\" y=\"%s\">%s</text>"
                .formatted(
                        DAYS_WIDTH + 4,
                        Page.number(1.2 * reach),
                        DAYS_WIDTH + 4,
                        DAYS_HEIGHT,
                        Page.number(-1.2 * reach)));
        page.append("<text x=\"0\" y=\"%s\">%s</text><text x=\"%s\" y=\"%s\" text-anchor=\"end\">%s</text></svg>"
                        .formatted(
                                DAYS_HEIGHT + 14,
                                days.getFirst().day(),
                                DAYS_WIDTH,
                                DAYS_HEIGHT + 14,
                                days.getLast().day()))
                .append("<figcaption>")
                .append(Page.escaped(caption))
                .append("</figcaption></figure>\n");
    }

    private static double low(DayBody day) {
        Double low = day.effect().anytimeLow();
        return low == null ? 0 : low;
    }

    private static double high(DayBody day) {
        Double high = day.effect().anytimeHigh();
        return high == null ? 0 : high;
    }

    private static double clamped(double y) {
        return Math.min(DAYS_HEIGHT, Math.max(0, y));
    }

    private void shared(SharedBody shared) {
        page.heading("Answers shared with " + shared.variant());
        page.append(
                        "<table><tr><th></th><th>units</th><th>answers</th><th>share of credit</th><th>one look</th><th>any look</th>")
                .append("<th>finds from</th></tr>\n");
        row(
                shared.variant(),
                Long.toString(shared.units()),
                Long.toString(shared.answers()),
                percent(shared.share()),
                interval(shared.low(), shared.high()),
                interval(shared.anytimeLow(), shared.anytimeHigh()),
                shared.least() == null ? "" : "50 % ± " + percent(shared.least()));
        page.append("</table>\n");
        if (shared.abTimes() != null) {
            page.paragraph(String.format(
                    Locale.ROOT,
                    "An A/B test over the same people would take about %.0f times as many answers.",
                    shared.abTimes()));
        }
    }

    private void row(String first, String... cells) {
        page.append("<tr><td>").append(Page.escaped(first)).append("</td>");
        for (String cell : cells) {
            page.append("<td>").append(Page.escaped(cell)).append("</td>");
        }
        page.append("</tr>\n");
    }

    private static String interval(@Nullable Double low, @Nullable Double high) {
        return low == null || high == null ? "not bounded" : "%s to %s".formatted(Page.number(low), Page.number(high));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
