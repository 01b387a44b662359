package repscorer.core.request;

import java.util.ArrayList;
import java.util.List;
import repscorer.core.plan.ColumnBuilder;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ColumnSetting;
import repscorer.core.plan.ExactTopKOptions;
import repscorer.core.plan.ScoringPlan;

/** What a request seeks at a share of the effort that its plan says; a notice tells each column's settings before and after. */
final class LessEffort {

    /** Settings that a search's cost grows with, and its answer's quality alone. */
    private static final List<ColumnSetting> SETTINGS =
            List.of(ColumnSetting.RETRIEVE, ColumnSetting.EF, ColumnSetting.CLUSTERS_SCANNED);

    private static final String REASON = "DEGRADED";

    private final double share;
    private final RequestTrace trace;

    private LessEffort(double share, RequestTrace trace) {
        this.share = share;
        this.trace = trace;
    }

    static Request of(Request request, double share) {
        LessEffort less = new LessEffort(share, request.trace());
        ScoringPlan plan = request.plan();
        List<ColumnPlan> columns = new ArrayList<>();
        for (ColumnPlan column : plan.columns()) {
            columns.add(plan.enabled(column) ? less.of(column) : column);
        }
        return new Request(
                plan.toBuilder().columns(columns).build(),
                less.of(request.exactTopK()),
                request.trace(),
                request.budget(),
                request.nowMillis(),
                request.seed());
    }

    private ColumnPlan of(ColumnPlan column) {
        ColumnBuilder less = column.toBuilder();
        List<String> told = new ArrayList<>();
        for (ColumnSetting setting : SETTINGS) {
            if (setting.forms().contains(column.form())) {
                int before = (int) setting.get(column);
                int after = (int) Math.ceil(share * before);
                less.set(setting, after);
                if (after < before) {
                    told.add("%s %s in place of %s".formatted(setting.key(), after, before));
                }
            }
        }
        if (!told.isEmpty()) {
            trace.notice(column.name(), REASON, "many requests wait: " + String.join(", ", told));
        }
        return less.build();
    }

    private ExactTopKOptions of(ExactTopKOptions options) {
        return options.wanted()
                ? new ExactTopKOptions(
                        true,
                        options.budget().multipliedBy(Math.round(100 * share)).dividedBy(100))
                : options;
    }
}
