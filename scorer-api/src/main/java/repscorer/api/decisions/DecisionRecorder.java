package repscorer.api.decisions;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import repscorer.api.config.DecisionSettings.Part;
import repscorer.api.decisions.KnownPlans.Known;
import repscorer.api.engine.Serving;
import repscorer.api.mapping.Answers;
import repscorer.core.answer.Decided;
import repscorer.core.answer.Provenance;
import repscorer.core.answer.ScoredCandidate;
import repscorer.core.answer.ScoredCandidates;
import repscorer.core.experiment.Assigner;
import repscorer.core.experiment.Experiment;
import repscorer.core.query.CandidateQuery;
import repscorer.decisions.ColumnScores;
import repscorer.decisions.ColumnScores.Names;
import repscorer.decisions.Decision;
import repscorer.decisions.Decision.Arm;
import repscorer.decisions.Decision.Shown;
import repscorer.decisions.DecisionLog.Made;
import repscorer.decisions.Kept;
import repscorer.wire.CandidatesRequest;
import repscorer.wire.SourceBody;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers requests for candidates, and leaves of each answer what a decision is made of to the log. A request costs a look at the share
 * and a copy of its scores; all else is done on the log's thread. Safe for concurrent use.
 */
@Component
public final class DecisionRecorder {

    /** A longer request is left out: it would cost as much as many decisions. */
    static final int REQUEST_CHARACTERS_MAX = 64 << 10;

    /** A layer that nothing else is in: who is kept has nothing to do with who gets what. */
    private static final String SHARES = "decisions.share";

    private static final Names NONE = Names.of();

    private static final JsonMapper JSON = JsonMapper.shared();

    private final @Nullable DecisionKeeping keeping;
    private final int shareKept;

    /** Of the log's thread alone. */
    private final KnownPlans plans = new KnownPlans();

    DecisionRecorder(DecisionConfiguration.Holder holder) {
        this.keeping = holder.keeping().orElse(null);
        this.shareKept =
                keeping == null ? 0 : (int) Math.round(keeping.settings().share() * Experiment.BUCKETS);
    }

    /**
     * Answers a request by the configuration in force. Throws as {@link repscorer.core.Scorer#candidates}.
     *
     * @param watcher told what the answer was made by
     */
    public ScoredCandidates answer(
            Serving serving, CandidatesRequest request, CandidateQuery query, Optional<Consumer<Decided>> watcher) {
        DecisionKeeping to = keeping;
        boolean kept = to != null && query.unit().filter(this::isLeftOut).isEmpty();
        if (query.dryRun() || (!kept && watcher.isEmpty())) {
            return serving.scorer().candidates(query);
        }
        Decided decided = serving.scorer().decided(query);
        watcher.ifPresent(each -> each.accept(decided));
        if (to == null || !kept) {
            return decided.answer();
        }
        if (query.unit().isPresent() || !isLeftOut(decided.answer().provenance().decisionId())) {
            Assigner assigner = serving.assigner();
            to.decisions().offer(estimate(request, decided), () -> made(to, assigner, request, query, decided));
        }
        return decided.answer();
    }

    /** By a hash, so that all decisions of a unit are kept, or none. */
    private boolean isLeftOut(String unit) {
        return shareKept < Experiment.BUCKETS && Assigner.bucket(SHARES, unit) >= shareKept;
    }

    /** Roughly the bytes that are held until it is written. */
    private static long estimate(CandidatesRequest request, Decided decided) {
        long excluded = request.filters() == null || request.filters().excludeIds() == null
                ? 0
                : request.filters().excludeIds().size();
        SourceBody source = request.source();
        long vector = source == null || source.vector() == null ? 0 : source.vector().length;
        long clusters = source == null || source.clusters() == null
                ? 0
                : source.clusters().size();
        long text = source == null || source.text() == null ? 0 : source.text().length();
        return 2_048
                + 128L * decided.answer().candidates().size()
                + 8L * decided.raw().length
                + 64 * excluded
                + 4 * vector
                + 32 * clusters
                + 2 * text;
    }

    private Made made(
            DecisionKeeping to, Assigner assigner, CandidatesRequest request, CandidateQuery query, Decided decided) {
        Provenance provenance = decided.answer().provenance();
        Known plan = plans.of(decided);
        Decision decision = new Decision(
                provenance.decisionId(),
                Instant.ofEpochMilli(decided.nowMillis()),
                query.surface(),
                query.unit().map(to.ids()::of),
                arms(assigner, provenance.assignments(), query.unit()),
                provenance.release(),
                provenance.versions(),
                plan.digest(),
                to.settings().keeps(Part.REQUEST) ? text(request) : "",
                to.settings().keeps(Part.CANDIDATES) ? shown(to, decided, plan) : List.of(),
                provenance.notices().stream()
                        .map(notice -> Answers.reason(notice.reason()))
                        .distinct()
                        .toList(),
                provenance.micros().getOrDefault("total", 0L));
        return new Made(
                new Kept(
                        decision,
                        decided.told().stream()
                                .map(told -> new Kept.Notice(told.column(), told.reason(), told.message()))
                                .toList()),
                plan.text());
    }

    private static List<Arm> arms(Assigner assigner, List<Provenance.Assigned> assigned, Optional<String> unit) {
        List<Arm> arms = new ArrayList<>(assigned.size());
        for (Provenance.Assigned each : assigned) {
            for (Experiment experiment : assigner.experiments()) {
                if (experiment.name().equals(each.experiment())) {
                    OptionalInt bucket = assigner.bucket(experiment, unit.orElseThrow());
                    arms.add(new Arm(experiment.name(), each.variant(), experiment.layer(), bucket.orElse(-1)));
                }
            }
        }
        return arms;
    }

    private static String text(CandidatesRequest request) {
        String text = JSON.writeValueAsString(request);
        return text.length() > REQUEST_CHARACTERS_MAX ? "" : text;
    }

    private static List<Shown> shown(DecisionKeeping to, Decided decided, Known plan) {
        List<ScoredCandidate> candidates = decided.answer().candidates();
        List<Shown> shown = new ArrayList<>(candidates.size());
        boolean keepsColumns = to.settings().keeps(Part.COLUMNS);
        for (int rank = 0; rank < candidates.size(); rank++) {
            ScoredCandidate candidate = candidates.get(rank);
            Names columns = !keepsColumns ? NONE : decided.isSecond(rank) ? plan.second() : plan.first();
            shown.add(new Shown(
                    to.ids().of(candidate.id().toString()),
                    candidate.score(),
                    ColumnScores.of(columns, decided.raw(), rank * decided.stride()),
                    candidate.propensity(),
                    candidate.team(),
                    candidate.credit()));
        }
        return shown;
    }
}
