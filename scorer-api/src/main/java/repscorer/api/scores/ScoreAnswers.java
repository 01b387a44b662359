package repscorer.api.scores;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import repscorer.api.engine.LiveConfig;
import repscorer.api.engine.Serving;
import repscorer.api.mapping.Answers;
import repscorer.api.mapping.Requests;
import repscorer.api.observe.AnswerMetrics;
import repscorer.api.security.CallerSwitch;
import repscorer.api.slow.SlowRequests;
import repscorer.api.slow.Watched;
import repscorer.api.tenants.TenantBounds;
import repscorer.api.tenants.TenantFailures;
import repscorer.api.tenants.World;
import repscorer.core.answer.ScoredList;
import repscorer.core.entity.EntityId;
import repscorer.core.failure.ScorerException;
import repscorer.core.plan.Comparison;
import repscorer.core.query.ScoreQuery;
import repscorer.core.query.Source;
import repscorer.core.similarity.Similarity;
import repscorer.wire.ScoresRequest;
import repscorer.wire.ScoresResponse;
import repscorer.wire.TranslationBody;

/** Answers requests for the scores of named candidates, whatever they came by. Safe for concurrent use. */
@Component
public final class ScoreAnswers {

    private final LiveConfig live;
    private final Requests requests;
    private final AnswerMetrics metrics;
    private final SlowRequests slow;

    ScoreAnswers(LiveConfig live, Requests requests, AnswerMetrics metrics, SlowRequests slow) {
        this.live = live;
        this.requests = requests;
        this.metrics = metrics;
        this.slow = slow;
    }

    /** @throws ScorerException for a request that cannot be answered */
    public ScoresResponse scores(ScoresRequest request) {
        ScoreQuery query = query(request);
        TenantBounds.check(World.current(), query);
        Serving serving = live.serving();
        CallerSwitch.check(
                serving,
                query instanceof ScoreQuery.BySurface bySurface ? bySurface.unit() : Optional.empty(),
                query.source());
        String surface =
                query instanceof ScoreQuery.BySurface bySurface ? bySurface.surface() : AnswerMetrics.BY_SIMILARITY;
        try (Watched watched = slow.watch("scores", surface)) {
            watched.size("candidates", query.candidates().size());
            ScoredList answer = answer(serving, query, watched);
            metrics.answered(surface, answer);
            return Answers.scores(answer, query.explain());
        }
    }

    private static ScoredList answer(Serving serving, ScoreQuery query, Watched watched) {
        try {
            ScoredList answer = answered(serving, query);
            watched.answered(answer.provenance());
            return answer;
        } catch (RuntimeException e) {
            watched.failed(e);
            throw e;
        }
    }

    /** By a similarity only spaces have part that the caller named. */
    private static ScoredList answered(Serving serving, ScoreQuery query) {
        return query instanceof ScoreQuery.BySimilarity
                ? serving.scorer().scores(query)
                : TenantFailures.told(World.current(), () -> serving.scorer().scores(query));
    }

    static Comparison comparison(
            @Nullable String similarity,
            @Nullable String sourceSpace,
            @Nullable String candidateSpace,
            @Nullable TranslationBody translation) {
        return new Comparison(
                similarity(Requests.required("similarity", similarity)),
                Requests.name("sourceSpace", sourceSpace),
                Requests.name("candidateSpace", candidateSpace),
                Optional.ofNullable(translation)
                        .map(body -> new Comparison.Translation(
                                Requests.name("translation.space", body.space()),
                                Requests.name("translation.relation", body.relation()))));
    }

    private ScoreQuery query(ScoresRequest request) {
        Source source = requests.source(request.source());
        List<EntityId> candidates = Requests.ids(
                "candidates",
                Requests.required("candidates", request.candidates()),
                requests.limits().candidatesMax());
        boolean explain = Boolean.TRUE.equals(request.explain());
        if (request.similarity() == null) {
            refuse("sourceSpace", request.sourceSpace(), "similarity");
            refuse("candidateSpace", request.candidateSpace(), "similarity");
            refuse("translation", request.translation(), "similarity");
            refuse("release", request.release(), "similarity (a surface has overrides.release)");
            return new ScoreQuery.BySurface(
                    Requests.name("surface", request.surface()),
                    source,
                    candidates,
                    requests.overrides(request.overrides()),
                    Requests.unit(request.unit()),
                    Requests.context(request.context()),
                    explain);
        }
        refuse("surface", request.surface(), "no similarity");
        refuse("overrides", request.overrides(), "surface");
        refuse("unit", request.unit(), "surface");
        refuse("context", request.context(), "surface");
        return new ScoreQuery.BySimilarity(
                comparison(
                        request.similarity(), request.sourceSpace(), request.candidateSpace(), request.translation()),
                source,
                candidates,
                Requests.release(request.release()),
                explain);
    }

    private static Similarity similarity(String name) {
        return Arrays.stream(Similarity.values())
                .filter(similarity -> similarity.wireName().equals(name) && !similarity.text())
                .findFirst()
                .orElseThrow(() -> new ScorerException.Invalid(
                        "unknown-similarity",
                        "similarity",
                        "similarity must be one of %s: '%s'"
                                .formatted(
                                        Arrays.stream(Similarity.values())
                                                .filter(similarity -> !similarity.text())
                                                .map(Similarity::wireName)
                                                .collect(Collectors.joining(", ")),
                                        name)));
    }

    /* Scoring is by a surface or by a similarity; what belongs to the other would have no effect. */
    private static void refuse(String field, @Nullable Object value, String with) {
        if (value != null) {
            throw new ScorerException.Invalid("fields-conflict", field, "%s goes with %s only".formatted(field, with));
        }
    }
}
