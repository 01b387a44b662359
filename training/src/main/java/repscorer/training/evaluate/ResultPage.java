package repscorer.training.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Results as one page for a browser: bars per figure and a table, all inside the file. */
final class ResultPage {

    private static final String[] COLOURS = {
        "#9aa5b1", "#627d98", "#2bb0ed", "#0f8613", "#e9b949", "#ba2525", "#8719e0", "#0c6b58"
    };

    private static final int BAR = 22;
    private static final int GAP = 26;
    private static final int HEIGHT = 190;
    private static final int TOP = 18;
    private static final int LEFT = 44;

    private static final String STYLE = """
            body{font:15px/1.5 system-ui,sans-serif;color:#1f2933;max-width:1080px;margin:32px auto;padding:0 24px}
            h1{font-size:24px;margin:0} h2{font-size:17px;margin:36px 0 8px} p{color:#52606d;margin:4px 0}
            table{border-collapse:collapse;margin-top:12px} th,td{padding:4px 12px;text-align:right;border-bottom:1px solid #e4e7eb}
            th{font-weight:600;color:#52606d} th:first-child,td:first-child{text-align:left}
            td.best{font-weight:700} svg{max-width:100%;height:auto;font:11px system-ui,sans-serif}
            .key{display:flex;flex-wrap:wrap;gap:4px 18px;margin:6px 0} .key i{display:inline-block;width:11px;height:11px;margin-right:6px}
            @media(prefers-color-scheme:dark){body{background:#1f2933;color:#f5f7fa} p,th{color:#9aa5b1} th,td{border-color:#3e4c59}}
            """;

    private ResultPage() {}

    /**
     * The page.
     *
     * @param title such as the plan's name
     * @param subtitle what was judged, in words
     */
    static String html(String title, String subtitle, List<TaskResult> results) {
        StringBuilder page = new StringBuilder("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
                .append("<meta name=\"viewport\" content=\"width=device-width\"><title>")
                .append(escaped(title))
                .append("</title><style>\n")
                .append(STYLE)
                .append("</style></head><body>\n<h1>")
                .append(escaped(title))
                .append("</h1><p>")
                .append(escaped(subtitle))
                .append("</p>\n");
        List<String> methods =
                results.stream().map(ResultTable::method).distinct().toList();
        for (ResultTable table : ResultTable.of(results)) {
            page.append("<h2>").append(escaped(table.title())).append("</h2>\n");
            List<String> shares = shares(table);
            if (!shares.isEmpty() && table.rows().size() > 1) {
                key(table, methods, page);
                plot(table, shares, methods, page);
            }
            table(table, page);
        }
        return page.append("</body></html>\n").toString();
    }

    /** The columns that bars can show beside each other: figures between 0 and 1. */
    private static List<String> shares(ResultTable table) {
        List<String> shares = new ArrayList<>();
        for (String column : table.columns()) {
            if (table.rows().stream()
                    .allMatch(row -> row.figures().get(column) instanceof Double d && d >= 0 && d <= 1)) {
                shares.add(column);
            }
        }
        return shares;
    }

    private static void key(ResultTable table, List<String> methods, StringBuilder page) {
        page.append("<div class=\"key\">");
        for (TaskResult row : table.rows()) {
            String method = ResultTable.method(row);
            page.append("<span><i style=\"background:%s\"></i>%s</span>"
                    .formatted(colour(methods.indexOf(method)), escaped(method)));
        }
        page.append("</div>\n");
    }

    private static void plot(ResultTable table, List<String> columns, List<String> methods, StringBuilder page) {
        double most = 0;
        for (String column : columns) {
            for (TaskResult row : table.rows()) {
                most = Math.max(most, row.figure(column));
            }
        }
        double step = step(most);
        double top = Math.max(step, Math.ceil(most / step - 1e-9) * step);
        int group = table.rows().size() * BAR + GAP;
        int width = LEFT + columns.size() * group;
        page.append("<svg viewBox=\"0 0 %s %s\" width=\"%s\" role=\"img\" fill=\"currentColor\">"
                .formatted(width, TOP + HEIGHT + 24, width));
        for (double tick = 0; tick <= top + 1e-9; tick += step) {
            double y = TOP + HEIGHT * (1 - tick / top);
            page.append(text(
                    "<line x1=\"%s\" x2=\"%s\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"currentColor\" opacity=\".15\"/>"
                            + "<text x=\"%s\" y=\"%.1f\" text-anchor=\"end\" opacity=\".7\">%.2f</text>",
                    LEFT, width, y, y, LEFT - 6, y + 4, tick));
        }
        for (int c = 0; c < columns.size(); c++) {
            int x = LEFT + c * group + GAP / 2;
            for (int r = 0; r < table.rows().size(); r++) {
                String method = ResultTable.method(table.rows().get(r));
                double value = table.rows().get(r).figure(columns.get(c));
                double height = HEIGHT * value / top;
                page.append(text(
                        "<rect x=\"%s\" y=\"%.1f\" width=\"%s\" height=\"%.1f\" fill=\"%s\"><title>%s %s %.4f</title></rect>"
                                + "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\" font-size=\"8\">%s</text>",
                        x + r * BAR,
                        TOP + HEIGHT - height,
                        BAR - 3,
                        height,
                        colour(methods.indexOf(method)),
                        escaped(method),
                        escaped(columns.get(c)),
                        value,
                        x + r * BAR + (BAR - 3) / 2.0,
                        TOP + HEIGHT - height - 4,
                        short3(value)));
            }
            page.append(text(
                    "<text x=\"%.1f\" y=\"%s\" text-anchor=\"middle\">%s</text>",
                    x + table.rows().size() * BAR / 2.0, TOP + HEIGHT + 17, escaped(columns.get(c))));
        }
        page.append("</svg>\n");
    }

    private static void table(ResultTable table, StringBuilder page) {
        page.append("<table><tr><th></th>");
        table.columns()
                .forEach(column -> page.append("<th>").append(escaped(column)).append("</th>"));
        page.append("</tr>\n");
        for (TaskResult row : table.rows()) {
            page.append("<tr><td>").append(escaped(ResultTable.method(row))).append("</td>");
            for (String column : table.columns()) {
                page.append(best(table, row, column) ? "<td class=\"best\">" : "<td>")
                        .append(escaped(ResultTable.cell(row, column)))
                        .append("</td>");
            }
            page.append("</tr>\n");
        }
        page.append("</table>\n");
    }

    private static boolean best(ResultTable table, TaskResult row, String column) {
        return table.rows().size() > 1
                && row.figures().get(column) instanceof Double own
                && table.rows().stream().allMatch(other -> other.figures().get(column) instanceof Double d && d <= own)
                && table.rows().stream()
                        .anyMatch(other -> !own.equals(other.figures().get(column)));
    }

    /** A round distance between ticks that gives three to six of them. */
    private static double step(double most) {
        for (double step : new double[] {0.01, 0.02, 0.05, 0.1}) {
            if (most / step <= 6) {
                return step;
            }
        }
        return 0.2;
    }

    /** A method has its colour on the whole page. */
    private static String colour(int i) {
        return COLOURS[i % COLOURS.length];
    }

    private static String short3(double value) {
        String text = text("%.3f", value);
        return text.startsWith("0") ? text.substring(1) : text;
    }

    @SuppressWarnings("AnnotateFormatMethod") // the annotation would be the only use of its library
    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
