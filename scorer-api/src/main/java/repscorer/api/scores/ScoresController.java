package repscorer.api.scores;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import repscorer.api.engine.LiveConfig;
import repscorer.api.engine.Serving;
import repscorer.api.mapping.Answers;
import repscorer.api.mapping.Requests;
import repscorer.api.observe.AnswerMetrics;
import repscorer.api.security.CallerSwitch;
import repscorer.core.answer.ScoredList;
import repscorer.core.answer.ScoredMatrix;
import repscorer.core.answer.ScoredPairs;
import repscorer.core.entity.EntityId;
import repscorer.core.failure.ScorerException;
import repscorer.core.plan.Comparison;
import repscorer.core.query.MatrixQuery;
import repscorer.core.query.PairQuery;
import repscorer.core.query.ScoreQuery;
import repscorer.core.query.Source;
import repscorer.core.similarity.Similarity;
import repscorer.wire.MatrixRequest;
import repscorer.wire.MatrixResponse;
import repscorer.wire.PairsRequest;
import repscorer.wire.PairsRequest.PairBody;
import repscorer.wire.PairsResponse;
import repscorer.wire.ScoresRequest;
import repscorer.wire.ScoresResponse;
import repscorer.wire.TranslationBody;

/** Scores the candidates that a caller names. */
@RestController
@Tag(name = "Scoring")
final class ScoresController {

    private final LiveConfig live;
    private final Requests requests;
    private final AnswerMetrics metrics;

    ScoresController(LiveConfig live, Requests requests, AnswerMetrics metrics) {
        this.live = live;
        this.requests = requests;
        this.metrics = metrics;
    }

    @PostMapping(path = "/v1/scores", consumes = "application/json", produces = "application/json")
    @Operation(operationId = "scoreCandidates", summary = "Scores of given candidates", description = """
                    By a surface's plan, or by one similarity between two spaces. As many scores as candidates, in their \
                    order, duplicates kept; where there is no score there is a reason. The header X-Decision-Id repeats \
                    provenance.decisionId.""")
    ResponseEntity<ScoresResponse> scores(@RequestBody ScoresRequest request) {
        ScoreQuery query = query(request);
        Serving serving = live.serving();
        CallerSwitch.check(
                serving,
                query instanceof ScoreQuery.BySurface bySurface ? bySurface.unit() : Optional.empty(),
                query.source());
        ScoredList answer = serving.scorer().scores(query);
        metrics.answered(
                query instanceof ScoreQuery.BySurface bySurface ? bySurface.surface() : AnswerMetrics.BY_SIMILARITY,
                answer);
        return ResponseEntity.ok()
                .header("X-Decision-Id", answer.provenance().decisionId())
                .body(Answers.scores(answer, query.explain()));
    }

    @PostMapping(path = "/v1/scores/pairs", consumes = "application/json", produces = "application/json")
    @Operation(operationId = "scorePairs", summary = "Scores of pairs", description = """
                    By one similarity between two spaces; each pair has a source and a candidate of its own. As many scores \
                    as pairs, in their order, duplicates kept; where there is no score there is a reason.""")
    ResponseEntity<PairsResponse> pairs(@RequestBody PairsRequest request) {
        Comparison comparison = comparison(
                request.similarity(), request.sourceSpace(), request.candidateSpace(), request.translation());
        List<PairBody> bodies = Requests.required("pairs", request.pairs());
        Requests.checkSize("pairs", bodies.size(), requests.limits().candidatesMax());
        List<PairQuery.Pair> pairs = new ArrayList<>(bodies.size());
        for (int i = 0; i < bodies.size(); i++) {
            String place = "pairs[" + i + "]";
            PairBody body = Requests.required(place, bodies.get(i));
            pairs.add(new PairQuery.Pair(
                    Requests.id(place + ".source", body.source()),
                    Requests.id(place + ".candidate", body.candidate())));
        }
        ScoredPairs answer = live.scorer().pairs(new PairQuery(comparison, pairs, Requests.release(request.release())));
        metrics.answered(answer);
        return ResponseEntity.ok()
                .header("X-Decision-Id", answer.provenance().decisionId())
                .body(Answers.pairs(answer));
    }

    @PostMapping(path = "/v1/scores/matrix", consumes = "application/json", produces = "application/json")
    @Operation(operationId = "scoreMatrix", summary = "Scores of every source with every candidate", description = """
                    By one similarity between two spaces. One row of scores per source, one value per candidate; null where \
                    the source or the candidate has no embedding, with the reason beside its id.""")
    ResponseEntity<MatrixResponse> matrix(@RequestBody MatrixRequest request) {
        Comparison comparison = comparison(
                request.similarity(), request.sourceSpace(), request.candidateSpace(), request.translation());
        int idsMax = requests.limits().candidatesMax();
        ScoredMatrix answer = live.scorer()
                .matrix(new MatrixQuery(
                        comparison,
                        Requests.ids("sources", Requests.required("sources", request.sources()), idsMax),
                        Requests.ids("candidates", Requests.required("candidates", request.candidates()), idsMax),
                        Requests.release(request.release())));
        metrics.answered(answer);
        return ResponseEntity.ok()
                .header("X-Decision-Id", answer.provenance().decisionId())
                .body(Answers.matrix(answer));
    }

    private static Comparison comparison(
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
