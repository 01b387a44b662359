package repscorer.api.observe;

import io.micrometer.core.instrument.MeterRegistry;
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

    private final MeterRegistry registry;

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
        registry.counter("repscorer.answers", "route", route, "surface", surface)
                .increment();
        if (empty) {
            registry.counter("repscorer.answers.empty", "route", route, "surface", surface)
                    .increment();
        }
        for (Provenance.Notice notice : provenance.notices()) {
            registry.counter("repscorer.notices", "surface", surface, "reason", Answers.reason(notice.reason()))
                    .increment();
        }
    }

    private void missing(String surface, String reason) {
        registry.counter("repscorer.missing", "surface", surface, "reason", reason)
                .increment();
    }
}
