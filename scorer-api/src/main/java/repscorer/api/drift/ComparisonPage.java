package repscorer.api.drift;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import repscorer.api.page.Page;
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
            td.ids{text-align:left} .plots{display:flex;flex-wrap:wrap;gap:8px 24px} rect{fill:#2b7fb8}
            @media(prefers-color-scheme:dark){rect{fill:#63b3e0}}
            """;

    private final Page page;

    private ComparisonPage(String title) {
        page = new Page(title, STYLE);
    }

    /** The page. */
    public static String html(ComparisonResponse comparison) {
        ComparisonPage page = new ComparisonPage("%s and %s".formatted(comparison.a(), comparison.b()));
        page.write(comparison);
        return page.page.end();
    }

    /** A line of a table: what is told, and how its values are spread. */
    private record Line(String name, DistributionBody values) {}

    private void write(ComparisonResponse comparison) {
        page.paragraph(
                "How the second release differs from the first. Ids are counted whole; the rest is over at most %s ids of each"
                                .formatted(comparison.sample())
                        + " space that both have, drawn with seed %s.".formatted(comparison.seed()));
        missing(comparison.a(), comparison.onlyA());
        missing(comparison.b(), comparison.onlyB());
        comparison.surfaces().forEach(this::surface);
        comparison.spaces().forEach(this::space);
    }

    private void missing(String release, List<String> spaces) {
        if (!spaces.isEmpty()) {
            page.note("%s alone has %s".formatted(release, String.join(", ", spaces)));
        }
    }

    private void surface(SurfaceDriftBody surface) {
        page.heading("Surface " + surface.surface());
        page.paragraph("%s sources; without candidates in the first release %s, in the second %s"
                .formatted(surface.sources(), surface.unansweredA(), surface.unansweredB()));
        if (surface.reason() != null) {
            page.note(surface.reason());
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
                                        Page.escaped(worst.source()),
                                        Page.number(worst.overlap()),
                                        Page.number(worst.rankBiasedOverlap()),
                                        Page.escaped(String.join(" ", worst.a())),
                                        Page.escaped(String.join(" ", worst.b()))));
            }
            page.append("</table>\n");
        }
    }

    private void space(SpaceDriftBody space) {
        page.heading("Space " + space.space());
        page.paragraph(
                "%s ids in both, %s in the first release alone, %s in the second alone; %s looked at; versions %s and %s"
                        .formatted(
                                space.shared(),
                                space.onlyA(),
                                space.onlyB(),
                                space.drawn(),
                                space.versionA(),
                                space.versionB()));
        if (space.note() != null) {
            page.note(space.note());
        }
        List<Line> lines = new ArrayList<>();
        if (space.dense() != null) {
            dense(space.dense(), lines);
        }
        if (space.sparse() != null) {
            sparse(space.sparse(), lines);
        }
        if (space.neighbors() != null) {
            page.paragraph("nearest rows of %s ids, %s"
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
            page.paragraph("greatest cluster changed: %s of the ids".formatted(Page.number(sparse.greatestChanged())));
        }
        if (sparse.labelsMoved() != null) {
            page.paragraph("labels changed: %s of the ids; %s clusters have another label"
                    .formatted(Page.number(sparse.labelsMoved()), sparse.relabelled()));
        }
        sparse.moved().forEach(moved -> page.paragraph("%s: %s → %s".formatted(moved.id(), moved.from(), moved.to())));
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
            page.append("<tr><td>").append(Page.escaped(line.name())).append("</td>");
            for (double value : new double[] {
                each.mean(), each.min(), each.p1(), each.p10(), each.p50(), each.p90(), each.p99(), each.max()
            }) {
                page.append("<td>").append(Page.number(value)).append("</td>");
            }
            page.append("<td>").append(Long.toString(each.count())).append("</td></tr>\n");
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
                                Page.number(line.values().min()),
                                WIDTH,
                                HEIGHT + 12,
                                Page.number(line.values().max())))
                .append("<figcaption>")
                .append(Page.escaped(line.name()))
                .append("</figcaption></figure>");
    }
}
