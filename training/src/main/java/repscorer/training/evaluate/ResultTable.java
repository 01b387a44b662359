package repscorer.training.evaluate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Results of one task on one relation, side by side: a row per method, a column per figure. */
record ResultTable(String title, List<String> columns, List<TaskResult> rows) {

    private static final String TASK = "task";
    private static final String RELATION = "relation";
    private static final String METHOD = "method";

    /** One table per task and relation, in the order of the results. */
    static List<ResultTable> of(List<TaskResult> results) {
        Map<String, List<TaskResult>> groups = new LinkedHashMap<>();
        for (TaskResult result : results) {
            Object relation = result.figures().get(RELATION);
            String title = result.figures().get(TASK) + (relation == null ? "" : " · " + relation);
            groups.computeIfAbsent(title, t -> new ArrayList<>()).add(result);
        }
        List<ResultTable> tables = new ArrayList<>();
        groups.forEach((title, rows) -> {
            List<String> columns = new ArrayList<>();
            for (TaskResult row : rows) {
                for (String name : row.figures().keySet()) {
                    if (!List.of(TASK, RELATION, METHOD).contains(name) && !columns.contains(name)) {
                        columns.add(name);
                    }
                }
            }
            tables.add(new ResultTable(title, List.copyOf(columns), List.copyOf(rows)));
        });
        return tables;
    }

    static String method(TaskResult row) {
        Object method = row.figures().get(METHOD);
        return method == null ? "" : method.toString();
    }

    static String cell(TaskResult row, String column) {
        Object figure = row.figures().get(column);
        return figure == null
                ? ""
                : figure instanceof Double d
                        ? String.format(Locale.ROOT, "%.4f", d)
                        : figure instanceof Number n
                                ? String.format(Locale.ROOT, "%,d", n.longValue())
                                : figure.toString();
    }

    /** For a screen: columns aligned, figures to the right. */
    String text() {
        int first = rows.stream().mapToInt(row -> method(row).length()).max().orElse(0);
        StringBuilder text = new StringBuilder(title).append('\n');
        StringBuilder head = new StringBuilder("  " + " ".repeat(first));
        List<StringBuilder> lines = new ArrayList<>();
        for (TaskResult row : rows) {
            lines.add(new StringBuilder("  ")
                    .append(method(row))
                    .repeat(' ', first - method(row).length()));
        }
        for (String column : columns) {
            int width = 2
                    + Math.max(
                            column.length(),
                            rows.stream()
                                    .mapToInt(row -> cell(row, column).length())
                                    .max()
                                    .orElse(0));
            head.append(" ".repeat(width - column.length())).append(column);
            for (int i = 0; i < rows.size(); i++) {
                String cell = cell(rows.get(i), column);
                lines.get(i).repeat(' ', width - cell.length()).append(cell);
            }
        }
        text.append(head).append('\n');
        lines.forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }
}
