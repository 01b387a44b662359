package repscorer.core.request;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import repscorer.core.answer.Provenance;
import repscorer.core.experiment.Switches;
import repscorer.core.experiment.Switches.Kind;
import repscorer.core.failure.ScorerException.NotReady;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.Comparison;
import repscorer.core.plan.ScoringPlan;

/** What switches make of a request: a refusal, a plan without some columns, or the live release in place of another. */
record SwitchedParts(Switches switches) {

    private static final String REASON = "SWITCHED_OFF";

    boolean isEmpty() {
        return switches.isEmpty();
    }

    void checkSurface(String surface, String asker) {
        check(Kind.SURFACE, surface, asker);
    }

    void checkRelease(String release, String asker) {
        check(Kind.RELEASE, release, asker);
    }

    void checkSpaces(Comparison comparison, String asker) {
        check(Kind.SPACE, comparison.sourceSpace(), asker);
        check(Kind.SPACE, comparison.candidateSpace(), asker);
    }

    private void check(Kind kind, String name, String asker) {
        if (!switches.serves(kind, name, asker)) {
            throw new NotReady(kind + "-switched-off", "%s %s is switched off".formatted(kind, name));
        }
    }

    /** The release that an experiment names, unless it is switched off: a notice tells then. */
    Optional<String> without(Optional<String> release, String asker, List<Provenance.Notice> notices) {
        if (release.isEmpty() || switches.serves(Kind.RELEASE, release.get(), asker)) {
            return release;
        }
        notices.add(new Provenance.Notice(
                "",
                REASON,
                "release '%s' of an experiment is switched off; the live one answers".formatted(release.get())));
        return Optional.empty();
    }

    /**
     * A plan without the columns that read what is switched off; a notice of each tells.
     *
     * @throws NotReady where no column is left
     */
    ScoringPlan without(ScoringPlan plan, String asker, List<Provenance.Notice> notices) {
        if (!switches.concern(Kind.SPACE)) {
            return plan;
        }
        TreeSet<String> disabled = new TreeSet<>(plan.disabled());
        for (ColumnPlan column : plan.columns()) {
            TreeSet<String> off = new TreeSet<>(column.sources().values());
            off.addAll(column.candidates().values());
            off.removeIf(space -> switches.serves(Kind.SPACE, space, asker));
            if (!off.isEmpty() && disabled.add(column.name())) {
                notices.add(new Provenance.Notice(
                        column.name(), REASON, "without this column, for %s is switched off".formatted(off)));
            }
        }
        if (ScoringPlan.leavesNone(plan.columns(), disabled)) {
            throw new NotReady(
                    "space-switched-off",
                    "no column of surface %s is left: %s"
                            .formatted(plan.surface(), notices.getLast().message()));
        }
        return plan.toBuilder().disabled(disabled).build();
    }
}
