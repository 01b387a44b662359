package repscorer.core.explain;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import repscorer.core.answer.WhyNot;
import repscorer.core.answer.WhyNot.Stage;
import repscorer.core.query.CandidateQuery;

/**
 * Finds the settings that together have a lost candidate answered: asks again with each that a verdict names, until nothing loses
 * it. For one question and one thread.
 */
public final class Remedy {

    /** Stages that may lose one candidate, one after the other. */
    private static final int STEPS_MAX = 8;

    private static final String K = "k";

    private final Function<CandidateQuery, WhyNot> ask;
    private final int kMax;

    private Remedy(Function<CandidateQuery, WhyNot> ask, int kMax) {
        this.ask = ask;
        this.kMax = kMax;
    }

    /**
     * A verdict whose settings work. One request a step, and O(log k) where the rank loses it.
     *
     * @param first the verdict of the request as it was sent
     * @param ask the verdict of a request that differs from it by settings
     * @param kMax how many candidates a request may ask for
     */
    public static WhyNot of(CandidateQuery query, WhyNot first, Function<CandidateQuery, WhyNot> ask, int kMax) {
        return new Remedy(ask, kMax).of(query, first);
    }

    private WhyNot of(CandidateQuery query, WhyNot first) {
        WhyNot told = ranked(query, first);
        Map<String, String> settings = new LinkedHashMap<>();
        CandidateQuery changed = query;
        WhyNot verdict = told;
        for (int step = 0; step < STEPS_MAX && verdict.needed().isPresent(); step++) {
            String setting = verdict.setting().orElseThrow();
            String needed = verdict.needed().get();
            settings.put(setting, needed);
            if (setting.equals(K)) {
                return told.with(told.needed(), settings); // tried
            }
            changed = changed.withOverride(setting, needed);
            verdict = ranked(changed, ask.apply(changed));
            if (verdict.stage() == Stage.ANSWERED) {
                return told.with(told.needed(), settings);
            }
        }
        return told;
    }

    /**
     * With the least k that has it answered, where the rank loses it. A greater k may let searches bring more, which moves
     * statistics, and lets rules place more: so each is tried.
     */
    private WhyNot ranked(CandidateQuery query, WhyNot verdict) {
        if (verdict.stage() != Stage.RANK || verdict.rank().isEmpty()) {
            return verdict;
        }
        OptionalInt k = LeastValue.above(
                Integer.parseInt(verdict.value().orElseThrow()),
                verdict.rank().getAsInt(),
                kMax,
                other -> ask.apply(query.withK(other)).stage() == Stage.ANSWERED);
        return verdict.with(
                k.isPresent() ? Optional.of(String.valueOf(k.getAsInt())) : Optional.empty(), verdict.remedy());
    }
}
