package repscorer.api.scores;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.ArrayList;
import java.util.List;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import repscorer.api.engine.LiveConfig;
import repscorer.api.mapping.Answers;
import repscorer.api.mapping.Requests;
import repscorer.api.observe.AnswerMetrics;
import repscorer.api.tenants.ForTenants;
import repscorer.api.tenants.World;
import repscorer.core.answer.ScoredMatrix;
import repscorer.core.answer.ScoredPairs;
import repscorer.core.plan.Comparison;
import repscorer.core.query.MatrixQuery;
import repscorer.core.query.PairQuery;
import repscorer.wire.MatrixRequest;
import repscorer.wire.MatrixResponse;
import repscorer.wire.PairsRequest;
import repscorer.wire.PairsRequest.PairBody;
import repscorer.wire.PairsResponse;
import repscorer.wire.ScoresRequest;
import repscorer.wire.ScoresResponse;

/** Scores the candidates that a caller names. */
@RestController
@Tag(name = "Scoring")
final class ScoresController {

    private final LiveConfig live;
    private final Requests requests;
    private final AnswerMetrics metrics;
    private final ScoreAnswers answers;

    ScoresController(LiveConfig live, Requests requests, AnswerMetrics metrics, ScoreAnswers answers) {
        this.live = live;
        this.requests = requests;
        this.metrics = metrics;
        this.answers = answers;
    }

    @ForTenants
    @PostMapping(path = "/v1/scores", consumes = "application/json", produces = "application/json")
    @Operation(operationId = "scoreCandidates", summary = "Scores of given candidates", description = """
                    By a surface's plan, or by one similarity between two spaces. As many scores as candidates, in their \
                    order, duplicates kept; where there is no score there is a reason. The header X-Decision-Id repeats \
                    provenance.decisionId.""")
    ResponseEntity<ScoresResponse> scores(@RequestBody ScoresRequest request) {
        ScoresResponse answer = answers.scores(request);
        return ResponseEntity.ok()
                .header("X-Decision-Id", answer.provenance().decisionId())
                .body(answer);
    }

    @ForTenants
    @PostMapping(path = "/v1/scores/pairs", consumes = "application/json", produces = "application/json")
    @Operation(operationId = "scorePairs", summary = "Scores of pairs", description = """
                    By one similarity between two spaces; each pair has a source and a candidate of its own. As many scores \
                    as pairs, in their order, duplicates kept; where there is no score there is a reason.""")
    ResponseEntity<PairsResponse> pairs(@RequestBody PairsRequest request) {
        Comparison comparison = ScoreAnswers.comparison(
                request.similarity(), request.sourceSpace(), request.candidateSpace(), request.translation());
        World.current().check(comparison);
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

    @ForTenants
    @PostMapping(path = "/v1/scores/matrix", consumes = "application/json", produces = "application/json")
    @Operation(operationId = "scoreMatrix", summary = "Scores of every source with every candidate", description = """
                    By one similarity between two spaces. One row of scores per source, one value per candidate; null where \
                    the source or the candidate has no embedding, with the reason beside its id.""")
    ResponseEntity<MatrixResponse> matrix(@RequestBody MatrixRequest request) {
        Comparison comparison = ScoreAnswers.comparison(
                request.similarity(), request.sourceSpace(), request.candidateSpace(), request.translation());
        World.current().check(comparison);
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
}
