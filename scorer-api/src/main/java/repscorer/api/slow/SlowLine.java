package repscorer.api.slow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import repscorer.api.mapping.Answers;
import repscorer.core.answer.Provenance;
import repscorer.core.blend.BlendRecipe;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ColumnSetting;
import repscorer.core.plan.ScoringPlan;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is written of a slow request: no id of anybody, no text, no vector and no key. Who needs them finds the decision by its id.
 *
 * @param cpuMicros by stage; empty where nobody counts
 * @param plan that it was answered by, after experiments, overrides and the effort that there was room for
 */
record SlowLine(
        String at,
        String route,
        String surface,
        Optional<String> caller,
        Optional<String> tenant,
        long micros,
        Map<String, Long> cpuMicros,
        Map<String, Integer> sizes,
        Optional<ScoringPlan> plan,
        Optional<Provenance> provenance,
        Optional<String> failure) {

    private static final JsonMapper JSON = JsonMapper.shared();

    /** How far a column's search goes. */
    private static final List<String> EFFORT =
            List.of("retrieve", "ef", "recall-target", "budget-ms", "clusters-scanned", "items-per-cluster", "exact");

    String json() {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("at", at);
        line.put("route", route);
        line.put("surface", surface);
        caller.ifPresent(name -> line.put("caller", name));
        tenant.ifPresent(name -> line.put("tenant", name));
        line.put("micros", micros);
        failure.ifPresent(code -> line.put("failure", code));
        provenance.ifPresent(from -> {
            line.put("decision", from.decisionId());
            line.put("release", from.release());
            line.put("variants", variants(from));
            line.put("stageMicros", from.micros());
        });
        line.put("cpuMicros", new TreeMap<>(cpuMicros));
        line.put("sizes", new TreeMap<>(sizes));
        plan.ifPresent(by -> line.put("plan", plan(by)));
        provenance.ifPresent(from -> {
            line.put("searches", from.plans());
            line.put("notices", notices(from));
        });
        return JSON.writeValueAsString(line);
    }

    private static Map<String, String> variants(Provenance from) {
        Map<String, String> variants = new TreeMap<>();
        from.assignments().forEach(each -> variants.put(each.experiment(), each.variant()));
        return variants;
    }

    private static List<String> notices(Provenance from) {
        List<String> reasons = new ArrayList<>();
        for (Provenance.Notice notice : from.notices()) {
            String reason = Answers.reason(notice.reason());
            reasons.add(notice.column().isEmpty() ? reason : notice.column() + ": " + reason);
        }
        return reasons;
    }

    private static Map<String, Object> plan(ScoringPlan plan) {
        Map<String, Object> told = new LinkedHashMap<>();
        BlendRecipe blend = plan.blend();
        told.put("blend", blend.method());
        Map<String, Object> columns = new LinkedHashMap<>();
        for (ColumnPlan column : plan.columns()) {
            if (plan.disabled().contains(column.name())) {
                continue;
            }
            Map<String, Object> settings = new LinkedHashMap<>();
            for (ColumnSetting setting : ColumnSetting.of(column.form())) {
                if (EFFORT.contains(setting.key())) {
                    settings.put(setting.key(), setting.get(column));
                }
            }
            columns.put(column.name(), settings);
        }
        told.put("columns", columns);
        return told;
    }
}
