package repscorer.api.mcp;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import repscorer.api.candidates.CandidateAnswers;
import repscorer.api.drift.ReleaseComparisons;
import repscorer.api.engine.LiveConfig;
import repscorer.api.mapping.Requests;
import repscorer.api.scores.ScoreAnswers;
import repscorer.api.security.Role;
import repscorer.core.entity.EntityKind;
import repscorer.wire.CandidatesRequest;
import repscorer.wire.ComparisonResponse;
import repscorer.wire.ScoresRequest;
import repscorer.wire.ScoresResponse;
import repscorer.wire.WhyNotRequest;

/** The tools there are. Safe for concurrent use. */
@Component
final class Tools {

    private final LiveConfig live;
    private final ScoreAnswers scores;
    private final ReleaseComparisons comparisons;
    private final List<Tool<?>> all;

    Tools(LiveConfig live, CandidateAnswers candidates, ScoreAnswers scores, ReleaseComparisons comparisons) {
        this.live = live;
        this.scores = scores;
        this.comparisons = comparisons;
        this.all = List.of(
                new Tool<>(
                        "candidates",
                        "Find the best candidates",
                        """
                        Finds whom or what to recommend: the best candidates of a surface for a source, ranked by score. Ask it for \
                        "who should user:12 follow, and why": {"surface": "follow", "source": {"id": "user:12"}, "k": 5, \
                        "explain": true}. With explain, each candidate tells how much each column of the score contributed, which \
                        clusters it shares with the source, which known entities are near, and which rules applied. Ids are a kind, \
                        a colon and a name. Where fewer than k come, provenance.notices say why.""",
                        "findCandidates",
                        Set.of(),
                        Role.READ,
                        CandidatesRequest.class,
                        candidates::candidates),
                new Tool<>(
                        "explain",
                        "Explain scores",
                        """
                        Explains how near candidates that you name are to a source. Ask it for "why was user:31 shown to user:12": \
                        {"surface": "follow", "source": {"id": "user:12"}, "candidates": ["user:31"]}. Every score comes with the \
                        columns it is made of and the clusters that both share, or with the reason why there is none. In place of \
                        a surface it takes a similarity with a sourceSpace and a candidateSpace.""",
                        "scoreCandidates",
                        Set.of("explain"),
                        Role.READ,
                        ScoresRequest.class,
                        this::explain),
                new Tool<>(
                        "why-not",
                        "Explain why a candidate is missing",
                        """
                        Explains why an id is not among the candidates of a request. Ask it for "why does user:12 not get user:31": \
                        {"surface": "follow", "source": {"id": "user:12"}, "id": "user:31"}. It names the stage that lost the id, \
                        the setting that decided, the value that would take it past that stage, and under remedy the settings that \
                        would have it answered. Use the surface, source, k and filters of the request that you ask about.""",
                        "explainMissing",
                        Set.of(),
                        Role.READ,
                        WhyNotRequest.class,
                        candidates::whyNot),
                new Tool<>(
                        "compare",
                        "Compare two releases",
                        """
                        Tells how release b of the embeddings differs from release a: ids gained and lost in each space, how far \
                        vectors and neighbours moved, and how the answers of each surface changed. It takes seconds; a smaller \
                        sample and fewer sources take less.""",
                        "compareReleases",
                        Set.of(),
                        Role.PUBLISH,
                        CompareArguments.class,
                        this::compare));
    }

    List<Tool<?>> all() {
        return all;
    }

    Optional<Tool<?>> named(String name) {
        return all.stream().filter(tool -> tool.name().equals(name)).findFirst();
    }

    /** What a model should know before it asks anything: the surfaces that there are now. */
    String instructions() {
        String surfaces = live.scorer().plans().stream()
                .map(plan -> "%s (answers %s)"
                        .formatted(
                                plan.surface(),
                                plan.kinds().stream().map(EntityKind::name).collect(Collectors.joining(" and "))))
                .collect(Collectors.joining(", "));
        return """
                The service recommends by embeddings: it finds candidates for a source, scores them, and explains both. A surface is \
                a place where candidates are shown; there are: %s. Nothing that these tools do changes anything. An error names \
                the field that is wrong and the rule it breaks.""".formatted(surfaces);
    }

    private ScoresResponse explain(ScoresRequest request) {
        return scores.scores(new ScoresRequest(
                request.surface(),
                request.similarity(),
                request.sourceSpace(),
                request.candidateSpace(),
                request.translation(),
                request.source(),
                request.candidates(),
                request.overrides(),
                request.unit(),
                request.context(),
                true,
                request.release()));
    }

    private ComparisonResponse compare(CompareArguments arguments) {
        return comparisons.compare(
                Requests.required("a", arguments.a()),
                Requests.required("b", arguments.b()),
                arguments.sample(),
                arguments.sources(),
                arguments.seed());
    }
}
