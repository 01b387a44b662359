package repscorer.api.drift;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import repscorer.wire.ComparisonResponse;
import repscorer.wire.ComparisonResponse.DenseDriftBody;
import repscorer.wire.ComparisonResponse.DistributionBody;
import repscorer.wire.ComparisonResponse.ListDriftBody;
import repscorer.wire.ComparisonResponse.SpaceDriftBody;
import repscorer.wire.ComparisonResponse.SparseDriftBody;
import repscorer.wire.ComparisonResponse.SurfaceDriftBody;
import repscorer.wire.ComparisonResponse.WorstBody;

/** A comparison as one page for a browser: histograms and tables, all inside the file, without scripts. */
public final class ComparisonPage {

    private static final int WIDTH = 200;
    private static final int HEIGHT = 64;

    private static final String STYLE = """
            :root{color-scheme:light dark} body{font:15px/1.5 system-ui,sans-serif;color:#1f2933;background:#fff;max-width:1080px;
            margin:32px auto;padding:0 24px}
            h1{font-size:24px;margin:0} h2{font-size:17px;margin:36px 0 4px;border-top:1px solid #cbd2d9;padding-top:16px}
            p{color:#52606d;margin:4px 0} p.note{color:#8d5a00}
            table{border-collapse:collapse;margin:10px 0;font-variant-numeric:tabular-nums} th,td{padding:3px 12px;text-align:right;
            border-bottom:1px solid #e4e7eb} th{font-weight:600;color:#52606d} th:first-child,td:first-child,td.ids{text-align:left}
            .plots{display:flex;flex-wrap:wrap;gap:8px 24px} figure{margin:8px 0} figcaption{font-size:12px;color:#52606d}
            svg{display:block;font:10px system-ui,sans-serif} rect{fill:#2b7fb8}
            @media(prefers-color-scheme:dark){body{background:#16202a;color:#f5f7fa} p,th,figcaption{color:#9aa5b1} p.note{color:#f0b429}
            th,td,h2{border-color:#3e4c59} rect{fill:#63b3e0}}
            """;

    private final StringBuilder page = new StringBuilder();

    private ComparisonPage() {}

    /** The page. */
    public static String html(ComparisonResponse comparison) {
        ComparisonPage page = new ComparisonPage();
        page.write(comparison);
        return page.page.toString();
    }

    /** A line of a table: what is told, and how its values are spread. */
    private record Line(String name, DistributionBody values) {}

    private void write(ComparisonResponse comparison) {
        String title = "%s and %s".formatted(comparison.a(), comparison.b());
        page.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
                .append("<meta name=\"viewport\" content=\"width=device-width\"><title>")
                .append(escaped(title))
                .append("</title><style>\n")
                .append(STYLE)
                .append("</style></head><body>\n<h1>")
                .append(escaped(title))
                .append("</h1>\n");
        paragraph(
                "How the second release differs from the first. Ids are counted whole; the rest is over at most %s ids of each"
                                .formatted(comparison.sample())
                        + " space that both have, drawn with seed %s.".formatted(comparison.seed()));
        missing(comparison.a(), comparison.onlyA());
        missing(comparison.b(), comparison.onlyB());
        comparison.surfaces().forEach(this::surface);
        comparison.spaces().forEach(this::space);
        page.append("</body></html>\n");
    }

    private void missing(String release, List<String> spaces) {
        if (!spaces.isEmpty()) {
            note("%s alone has %s".formatted(release, String.join(", ", spaces)));
        }
    }

    private void surface(SurfaceDriftBody surface) {
        heading("Surface " + surface.surface());
        paragraph("%s sources; without candidates in the first release %s, in the second %s"
                .formatted(surface.sources(), surface.unansweredA(), surface.unansweredB()));
        if (surface.reason() != null) {
            note(surface.reason());
        }
        List<Line> lines = new ArrayList<>();
        list("answers", surface.answers(), lines);
        spreads(lines);
        if (!surface.worst().isEmpty()) {
            page.append("<table><tr><th>least alike</th><th>overlap</th><th>rbo</th><th>first release</th>")
                    .append("<th>second release</th></tr>\n");
            for (WorstBody worst : surface.worst()) {
                page.append(
                        "<tr><td>%s</td><td>%s</td><td>%s</td><td class=\"ids\">%s</td><td class=\"ids\">%s</td></tr>\n"
                                .formatted(
                                        escaped(worst.source()),
                                        number(worst.overlap()),
                                        number(worst.rankBiasedOverlap()),
                                        escaped(String.join(" ", worst.a())),
                                        escaped(String.join(" ", worst.b()))));
            }
            page.append("</table>\n");
        }
    }

    private void space(SpaceDriftBody space) {
        heading("Space " + space.space());
        paragraph(
                "%s ids in both, %s in the first release alone, %s in the second alone; %s looked at; versions %s and %s"
                        .formatted(
                                space.shared(),
                                space.onlyA(),
                                space.onlyB(),
                                space.drawn(),
                                space.versionA(),
                                space.versionB()));
        if (space.note() != null) {
            note(space.note());
        }
        List<Line> lines = new ArrayList<>();
        if (space.dense() != null) {
            dense(space.dense(), lines);
        }
        if (space.sparse() != null) {
            sparse(space.sparse(), lines);
        }
        if (space.neighbors() != null) {
            paragraph("nearest rows of %s ids, %s"
                    .formatted(
                            space.neighbors().drawn(),
                            space.neighbors().exact() ? "among all rows" : "as the index finds them"));
            space.neighbors().lists().forEach(each -> list("neighbours", each, lines));
        }
        spreads(lines);
    }

    private static void dense(DenseDriftBody dense, List<Line> lines) {
        add("cosine", dense.cosine(), lines);
        add("L2", dense.l2(), lines);
        add("norm, first release", dense.normA(), lines);
        add("norm, second release", dense.normB(), lines);
        add("norm, second by first", dense.normRatio(), lines);
    }

    private void sparse(SparseDriftBody sparse, List<Line> lines) {
        if (sparse.greatestChanged() != null) {
            paragraph("greatest cluster changed: %s of the ids".formatted(number(sparse.greatestChanged())));
        }
        if (sparse.labelsMoved() != null) {
            paragraph("labels changed: %s of the ids; %s clusters have another label"
                    .formatted(number(sparse.labelsMoved()), sparse.relabelled()));
        }
        sparse.moved().forEach(moved -> paragraph("%s: %s → %s".formatted(moved.id(), moved.from(), moved.to())));
        add("Jaccard of clusters", sparse.jaccard(), lines);
        add("L1 of weights", sparse.l1(), lines);
        add("weight, second by first", sparse.weightRatio(), lines);
    }

    private static void list(String name, @Nullable ListDriftBody list, List<Line> lines) {
        if (list != null) {
            add("%s: overlap@%s".formatted(name, list.k()), list.overlap(), lines);
            add("%s: rbo@%s".formatted(name, list.k()), list.rankBiasedOverlap(), lines);
        }
    }

    private static void add(String name, @Nullable DistributionBody values, List<Line> lines) {
        if (values != null) {
            lines.add(new Line(name, values));
        }
    }

    private void spreads(List<Line> lines) {
        if (lines.isEmpty()) {
            return;
        }
        page.append("<div class=\"plots\">");
        lines.forEach(this::plot);
        page.append(
                        "</div>\n<table><tr><th></th><th>mean</th><th>min</th><th>p1</th><th>p10</th><th>p50</th><th>p90</th>")
                .append("<th>p99</th><th>max</th><th>values</th></tr>\n");
        for (Line line : lines) {
            DistributionBody each = line.values();
            page.append("<tr><td>").append(escaped(line.name())).append("</td>");
            for (double value : new double[] {
                each.mean(), each.min(), each.p1(), each.p10(), each.p50(), each.p90(), each.p99(), each.max()
            }) {
                page.append("<td>").append(number(value)).append("</td>");
            }
            page.append("<td>").append(each.count()).append("</td></tr>\n");
        }
        page.append("</table>\n");
    }

    private void plot(Line line) {
        List<Integer> bins = line.values().bins();
        int most = Math.max(1, bins.stream().mapToInt(each -> each).max().orElse(1));
        double width = (double) WIDTH / Math.max(1, bins.size());
        page.append("<figure><svg width=\"%s\" height=\"%s\" viewBox=\"0 0 %s %s\" role=\"img\" fill=\"currentColor\">"
                .formatted(WIDTH, HEIGHT + 14, WIDTH, HEIGHT + 14));
        for (int i = 0; i < bins.size(); i++) {
            double height = (double) HEIGHT * bins.get(i) / most;
            if (bins.get(i) > 0) {
                page.append(String.format(
                        Locale.ROOT,
                        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
                        i * width,
                        HEIGHT - height,
                        width - 1,
                        height));
            }
        }
        page.append("<text x=\"0\" y=\"%s\">%s</text><text x=\"%s\" y=\"%s\" text-anchor=\"end\">%s</text></svg>"
                        .formatted(
                                HEIGHT + 12,
                                number(line.values().min()),
                                WIDTH,
                                HEIGHT + 12,
                                number(line.values().max())))
                .append("<figcaption>")
                .append(escaped(line.name()))
                .append("</figcaption></figure>");
    }

    private void heading(String text) {
        page.append("<h2>").append(escaped(text)).append("</h2>\n");
    }

    private void paragraph(String text) {
        page.append("<p>").append(escaped(text)).append("</p>\n");
    }

    private void note(String text) {
        page.append("<p class=\"note\">").append(escaped(text)).append("</p>\n");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) >= 1_000 ? "%.1f" : "%.4f", value);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
