package repscorer.api.config;

import java.util.Map;
import repscorer.core.plan.PlanChecks;
import repscorer.core.plan.PlanOverrides;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.shadow.Shadow;
import repscorer.yaml.YamlFile;

/** Reads a file of {@code shadows/}: a plan that runs beside a surface's. */
final class ShadowFile {

    private final Map<String, ScoringPlan> plans;
    private final PlanChecks checks;

    private ShadowFile(Map<String, ScoringPlan> plans, PlanChecks checks) {
        this.plans = plans;
        this.checks = checks;
    }

    static Shadow read(YamlFile yaml, Map<String, ScoringPlan> plans, PlanChecks checks) {
        return ConfigNode.read(yaml, new ShadowFile(plans, checks)::shadow, "shadow surface share overrides");
    }

    private Shadow shadow(ConfigNode file) {
        String name = file.name("shadow");
        ScoringPlan plan = ExperimentFile.plan(file, plans);
        Map<String, String> overrides =
                ExperimentFile.overrides(file.require("overrides").child("overrides"), plan);
        file.checked("overrides", () -> {
            checks.check(PlanOverrides.apply(plan, overrides, "overrides"));
            return overrides;
        });
        return new Shadow(name, plan.surface(), file.get("share", Double.class), overrides);
    }
}
