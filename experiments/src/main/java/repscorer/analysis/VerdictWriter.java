package repscorer.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import repscorer.analysis.ExperimentReport.Interleaved;
import repscorer.analysis.ExperimentReport.MetricEffect;
import repscorer.analysis.ExperimentReport.State;
import repscorer.analysis.ExperimentReport.VariantSummary;
import repscorer.analysis.ExperimentReport.Verdict;
import repscorer.analysis.statistics.Effect;
import repscorer.analysis.statistics.Interval;
import repscorer.analysis.statistics.SampleRatio;

/** Says in one sentence what is to be done. Intervals that hold at any time decide, for people look when they like. */
record VerdictWriter(
        String control,
        Optional<String> goal,
        List<VariantSummary> variants,
        Optional<SampleRatio> ratio,
        List<MetricEffect> metrics,
        List<Interleaved> interleaved) {

    /** @param deciding the goal's effect of each treatment, at a confidence that lets all be looked at together */
    Verdict verdict(List<String> treatments, List<Effect> deciding) {
        boolean exposed =
                variants.stream().filter(variant -> variant.units() > 0).count() > 1;
        if (!exposed && interleaved.isEmpty()) {
            return new Verdict(
                    State.NO_DATA,
                    "Nothing can be said: the log has no answers to compare, of two variants of this experiment.");
        }
        if (exposed && ratio.isPresent() && ratio.orElseThrow().mismatched()) {
            return new Verdict(State.MISMATCH, mismatch());
        }
        List<MetricEffect> broken =
                metrics.stream().filter(MetricEffect::broken).toList();
        if (!broken.isEmpty()) {
            return new Verdict(State.STOP, broken(broken));
        }
        if (goal.isEmpty()) {
            return new Verdict(
                    State.UNDECIDED,
                    "No winner can be told: answers were given under the variants, and the log has no outcomes of them.");
        }
        if (!exposed) {
            return shared(interleaved.getFirst());
        }
        return compared(treatments, deciding);
    }

    private String mismatch() {
        String counts = variants.stream()
                .map(variant -> String.format(
                        Locale.ROOT,
                        "%s has %d units where %.1f %% were due",
                        variant.variant(),
                        variant.units(),
                        100 * variant.dueShare()))
                .collect(Collectors.joining(", "));
        return "Do not trust this test: %s, so assignment or logging loses some.".formatted(counts);
    }

    private String broken(List<MetricEffect> broken) {
        MetricEffect first = broken.getFirst();
        String all = broken.stream().map(MetricEffect::treatment).distinct().collect(Collectors.joining(", "));
        double margin = first.margin().orElseThrow();
        return String.format(
                Locale.ROOT,
                "Stop %s: %s of %s are %.3g above %s's %.3g, and %.3g is let pass.",
                all,
                first.metric(),
                first.treatment(),
                first.effect().difference(),
                control,
                first.effect().control(),
                margin);
    }

    private Verdict compared(List<String> treatments, List<Effect> deciding) {
        String metric = goal.orElseThrow() + " per unit";
        int best = -1;
        List<String> worse = new ArrayList<>();
        for (int i = 0; i < treatments.size(); i++) {
            Effect effect = deciding.get(i);
            if (effect.error() == 0 || effect.control() == 0) {
                continue;
            }
            if (effect.anytime().low() > 0
                    && (best < 0 || effect.difference() > deciding.get(best).difference())) {
                best = i;
            }
            if (effect.anytime().high() < 0) {
                worse.add(treatments.get(i));
            }
        }
        if (best >= 0) {
            Effect effect = deciding.get(best);
            return new Verdict(
                    State.WINNER,
                    "%s wins: %s is %s above %s's, surely between %s and %s, and no guard-rail is broken."
                            .formatted(
                                    treatments.get(best),
                                    metric,
                                    percent(effect.relative(effect.difference())),
                                    control,
                                    percent(effect.relative(effect.anytime().low())),
                                    percent(effect.relative(effect.anytime().high()))));
        }
        if (!worse.isEmpty() && worse.size() == treatments.size()) {
            Effect effect = deciding.getFirst();
            return new Verdict(
                    State.CONTROL,
                    "Keep %s: under %s, %s is lower, by %s under %s."
                            .formatted(
                                    control,
                                    String.join(" and ", worse),
                                    metric,
                                    percent(-effect.relative(effect.difference())),
                                    treatments.getFirst()));
        }
        return new Verdict(State.UNDECIDED, undecided(treatments.getFirst(), metric, deciding.getFirst()));
    }

    private String undecided(String treatment, String metric, Effect effect) {
        if (effect.control() == 0 || Double.isInfinite(effect.error())) {
            return "No winner yet: there is too little of %s to compare.".formatted(metric);
        }
        return "No winner yet: %s under %s lies somewhere between %s and %s against %s."
                .formatted(
                        metric,
                        treatment,
                        signed(effect.relative(effect.anytime().low())),
                        signed(effect.relative(effect.anytime().high())),
                        control);
    }

    private Verdict shared(Interleaved shared) {
        Interval sure = shared.credit().anytime();
        String share = "%s has %s of the %s credit in shared answers, surely between %s and %s"
                .formatted(
                        shared.second(),
                        percent(shared.credit().share()),
                        goal.orElseThrow(),
                        percent(Math.max(0, sure.low())),
                        percent(Math.min(1, sure.high())));
        if (sure.low() > .5) {
            return new Verdict(
                    State.WINNER, "%s wins: %s.".formatted(shared.second(), share.replaceFirst("^\\S+ ", "it ")));
        }
        return sure.high() < .5
                ? new Verdict(State.CONTROL, "Keep %s: %s.".formatted(control, share))
                : new Verdict(State.UNDECIDED, "No winner yet: %s.".formatted(share));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    private static String signed(double share) {
        return String.format(Locale.ROOT, "%+.1f %%", 100 * share);
    }
}
