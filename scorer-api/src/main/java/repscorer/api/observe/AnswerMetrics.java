package repscorer.api.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import repscorer.api.mapping.Answers;
import repscorer.core.answer.ColumnScore;
import repscorer.core.answer.EngagementFeatures;
import repscorer.core.answer.Provenance;
import repscorer.core.answer.ScoredCandidate;
import repscorer.core.answer.ScoredCandidates;
import repscorer.core.answer.ScoredList;
import repscorer.core.answer.ScoredMatrix;
import repscorer.core.answer.ScoredPairs;

/**
 * Counts what answers hold and lack: {@code repscorer.answers}, {@code repscorer.answers.empty},
 * {@code repscorer.missing} by reason, {@code repscorer.notices} by reason.
 */
@Component
public final class AnswerMetrics {

    /** The surface in metrics of requests that name a similarity instead. */
    public static final String BY_SIMILARITY = "similarity";

    private static final String ENGAGEMENT = "engagement";

    private static final Map<String, String> WORDS = Map.of(
            "repscorer.answers", "Answers to questions",
            "repscorer.answers.empty", "Answers with nothing in them",
            "repscorer.missing", "Values that could not be computed",
            "repscorer.notices", "What answers told as missing or degraded");

    private final MeterRegistry registry;

    /** Those that were counted once: a registry makes and compares tags at every look-up. */
    private final ConcurrentMap<Counted, Counter> counters = new ConcurrentHashMap<>();

    AnswerMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    public void answered(String surface, ScoredCandidates answer) {
        count("candidates", surface, answer.candidates().isEmpty(), answer.provenance());
        for (ScoredCandidate candidate : answer.candidates()) {
            for (ColumnScore column : candidate.columns()) {
                if (column instanceof ColumnScore.Missing missing) {
                    missing(surface, Answers.reason(missing.reason()));
                }
            }
        }
    }

    public void answered(String surface, ScoredList answer) {
        boolean scored = false;
        for (ScoredList.Entry entry : answer.entries()) {
            switch (entry) {
                case ScoredList.Entry.Scored entryScored -> scored = true;
                case ScoredList.Entry.Missing missing -> missing(surface, Answers.reason(missing.reason()));
            }
        }
        count("scores", surface, !scored, answer.provenance());
    }

    public void answered(ScoredPairs answer) {
        boolean scored = false;
        for (ScoredPairs.Entry entry : answer.entries()) {
            entry.missing().ifPresent(reason -> missing(BY_SIMILARITY, Answers.reason(reason)));
            scored |= entry.missing().isEmpty();
        }
        count("pairs", BY_SIMILARITY, !scored, answer.provenance());
    }

    public void answered(ScoredMatrix answer) {
        boolean empty = answer.sources().stream()
                        .allMatch(side -> side.missing().isPresent())
                || answer.candidates().stream().allMatch(side -> side.missing().isPresent());
        Stream.concat(answer.sources().stream(), answer.candidates().stream())
                .flatMap(side -> side.missing().stream())
                .forEach(reason -> missing(BY_SIMILARITY, Answers.reason(reason)));
        count("matrix", BY_SIMILARITY, empty, answer.provenance());
    }

    public void answered(EngagementFeatures answer) {
        boolean empty = true;
        for (EngagementFeatures.Entry entry : answer.entries()) {
            entry.missing().ifPresent(reason -> missing(ENGAGEMENT, Answers.reason(reason)));
            empty &= entry.features().isEmpty();
        }
        count("engagement", ENGAGEMENT, empty, answer.provenance());
    }

    private void count(String route, String surface, boolean empty, Provenance provenance) {
        increment(new Counted("repscorer.answers", "route", route, surface));
        if (empty) {
            increment(new Counted("repscorer.answers.empty", "route", route, surface));
        }
        for (Provenance.Notice notice : provenance.notices()) {
            increment(new Counted("repscorer.notices", "reason", Answers.reason(notice.reason()), surface));
        }
    }

    private void missing(String surface, String reason) {
        increment(new Counted("repscorer.missing", "reason", reason, surface));
    }

    private void increment(Counted counted) {
        counters.computeIfAbsent(
                        counted,
                        each -> Counter.builder(each.name)
                                .description(WORDS.get(each.name))
                                .tags(each.tag, each.value, "surface", each.surface)
                                .register(registry))
                .increment();
    }

    private record Counted(String name, String tag, String value, String surface) {}
}
