package repscorer.api.mapping;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import repscorer.api.tenants.World;
import repscorer.core.answer.Chance;
import repscorer.core.answer.ColumnScore;
import repscorer.core.answer.EngagementFeatures;
import repscorer.core.answer.MissingReason;
import repscorer.core.answer.Provenance;
import repscorer.core.answer.Ranked;
import repscorer.core.answer.RuleReport;
import repscorer.core.answer.RuleTrace;
import repscorer.core.answer.ScoredCandidate;
import repscorer.core.answer.ScoredCandidate.SharedCluster;
import repscorer.core.answer.ScoredCandidates;
import repscorer.core.answer.ScoredList;
import repscorer.core.answer.ScoredMatrix;
import repscorer.core.answer.ScoredPairs;
import repscorer.core.answer.WhyNot;
import repscorer.core.blend.ColumnStatistics;
import repscorer.core.entity.EntityId;
import repscorer.core.similarity.Similarity;
import repscorer.wire.CandidateBody;
import repscorer.wire.CandidateBody.AnchorBody;
import repscorer.wire.CandidateBody.FeaturePartBody;
import repscorer.wire.CandidateBody.ModelPartsBody;
import repscorer.wire.CandidateBody.RuleTraceBody;
import repscorer.wire.CandidateBody.SaidBody;
import repscorer.wire.CandidateBody.TermBody;
import repscorer.wire.CandidatesResponse;
import repscorer.wire.CandidatesResponse.RuleReportBody;
import repscorer.wire.CandidatesResponse.StatisticsBody;
import repscorer.wire.ChanceBody;
import repscorer.wire.ColumnBody;
import repscorer.wire.EngagementResponse;
import repscorer.wire.EngagementResponse.FeaturesBody;
import repscorer.wire.MatrixResponse;
import repscorer.wire.MatrixResponse.SideBody;
import repscorer.wire.PairsResponse;
import repscorer.wire.PairsResponse.PairScoreBody;
import repscorer.wire.ProvenanceBody;
import repscorer.wire.RankedBody;
import repscorer.wire.ScoresResponse;
import repscorer.wire.ScoresResponse.ScoreBody;
import repscorer.wire.SharedClusterBody;
import repscorer.wire.WhyNotResponse;
import repscorer.wire.WhyNotResponse.SearchBody;

/** Writes answers of scorer-core as wire records. */
public final class Answers {

    private Answers() {}

    public static CandidatesResponse candidates(String surface, ScoredCandidates answer, boolean explain) {
        boolean chance = answer.chance().isPresent();
        List<CandidateBody> candidates = new ArrayList<>(answer.candidates().size());
        for (ScoredCandidate candidate : answer.candidates()) {
            candidates.add(new CandidateBody(
                    candidates.size() + 1,
                    candidate.id().toString(),
                    candidate.score(),
                    explain ? columns(candidate.columns()) : null,
                    explain ? clusters(candidate.sharedClusters()) : null,
                    explain ? anchors(candidate.anchors()) : null,
                    explain ? traces(candidate.rules()) : null,
                    chance ? candidate.propensity() : null,
                    candidate.team().orElse(null),
                    candidate.team().isPresent() ? candidate.credit() : null,
                    answer.calibration()
                            .map(calibration -> calibration.probability(candidate.score()))
                            .orElse(null),
                    candidate.terms().isEmpty() ? null : terms(candidate.terms()),
                    candidate.reasons().isEmpty() ? null : reasons(candidate.reasons()),
                    candidate.models().isEmpty() ? null : models(candidate.models())));
        }
        return new CandidatesResponse(
                surface,
                answer.k(),
                candidates.size(),
                answer.shortfall().orElse(null),
                candidates,
                ranked(answer.ranked()),
                explain ? answer.scale() : null,
                explain ? statistics(answer.statistics()) : null,
                answer.rules().isEmpty()
                        ? null
                        : answer.rules().stream().map(Answers::report).toList(),
                answer.chance().map(Answers::chance).orElse(null),
                provenance(answer.provenance()));
    }

    private static ChanceBody chance(Chance chance) {
        return new ChanceBody(
                chance.seed(),
                chance.exploration().orElse(null),
                chance.interleaved()
                        .map(each -> new ChanceBody.InterleavedBody(
                                each.experiment(), each.variant(), each.method(), each.teams()))
                        .orElse(null));
    }

    private static RankedBody ranked(Ranked ranked) {
        @Nullable Double gap = Double.isFinite(ranked.gap()) ? ranked.gap() : null;
        return new RankedBody(ranked.plan(), ranked.optimal(), gap, ranked.bounded(), ranked.exact());
    }

    private static List<SaidBody> reasons(List<ScoredCandidate.Reason> reasons) {
        return reasons.stream()
                .map(reason -> new SaidBody(reason.column(), reason.text()))
                .toList();
    }

    private static List<TermBody> terms(List<ScoredCandidate.SharedTerm> terms) {
        return terms.stream()
                .map(term -> new TermBody(term.column(), term.term(), term.times(), term.documents(), term.part()))
                .toList();
    }

    private static List<ModelPartsBody> models(List<ScoredCandidate.ModelParts> models) {
        return models.stream()
                .map(each -> new ModelPartsBody(
                        each.column(),
                        each.model(),
                        each.margin(),
                        each.base(),
                        each.features().stream().map(Answers::feature).toList()))
                .toList();
    }

    private static FeaturePartBody feature(ScoredCandidate.FeaturePart part) {
        return new FeaturePartBody(
                part.feature(), part.value().isPresent() ? part.value().getAsDouble() : null, part.part());
    }

    private static List<AnchorBody> anchors(List<ScoredCandidate.Anchor> anchors) {
        return anchors.stream()
                .map(anchor -> new AnchorBody(
                        anchor.column(), anchor.id().toString(), anchor.similarity(), anchor.sourceSimilarity()))
                .toList();
    }

    private static List<RuleTraceBody> traces(List<RuleTrace> traces) {
        return traces.stream()
                .map(trace -> new RuleTraceBody(
                        trace.rule(),
                        wireName(trace.change()),
                        trace.applied(),
                        trace.before(),
                        trace.after(),
                        trace.worth().isPresent() ? trace.worth().getAsDouble() : null))
                .toList();
    }

    private static List<StatisticsBody> statistics(List<ScoredCandidates.NamedStatistics> columns) {
        return columns.stream()
                .map(each -> {
                    ColumnStatistics known = each.statistics();
                    return new StatisticsBody(
                            each.column(),
                            known.count(),
                            known.min(),
                            known.max(),
                            known.mean(),
                            known.sigma(),
                            known.norm(),
                            known.logSumExp());
                })
                .toList();
    }

    private static RuleReportBody report(RuleReport report) {
        return new RuleReportBody(
                report.rule(),
                wireName(report.mode()),
                report.named(),
                report.removed().stream().map(EntityId::toString).toList(),
                report.removedCount(),
                report.scored(),
                report.placed());
    }

    public static EngagementResponse engagement(EntityId user, EngagementFeatures answer) {
        return new EngagementResponse(
                user.toString(),
                answer.names(),
                answer.signals(),
                answer.entries().stream()
                        .map(entry -> new FeaturesBody(
                                entry.id().toString(),
                                new TreeMap<>(entry.features()),
                                entry.missing().map(Answers::reason).orElse(null)))
                        .toList(),
                provenance(answer.provenance()));
    }

    public static WhyNotResponse whyNot(WhyNot answer) {
        return new WhyNotResponse(
                answer.id().toString(),
                wireName(answer.stage()),
                answer.message(),
                answer.by().orElse(null),
                answer.setting().orElse(null),
                answer.value().orElse(null),
                answer.needed().orElse(null),
                number(answer.score()),
                number(answer.scoreNeeded()),
                whole(answer.rank()),
                answer.remedy().isEmpty() ? null : answer.remedy(),
                answer.searches().stream().map(Answers::search).toList(),
                provenance(answer.provenance()));
    }

    private static SearchBody search(WhyNot.Search search) {
        return new SearchBody(
                search.column(),
                search.missing().map(Answers::reason).orElse(null),
                number(search.score()),
                number(search.cut()),
                whole(search.rank()),
                search.retrieved(),
                search.found());
    }

    private static @Nullable Double number(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }

    private static @Nullable Integer whole(OptionalInt value) {
        return value.isPresent() ? value.getAsInt() : null;
    }

    private static String wireName(Enum<?> constant) {
        return reason(constant.name());
    }

    /** {@code no-embedding-source} for NO_EMBEDDING_SOURCE. */
    public static String reason(MissingReason reason) {
        return reason(reason.name());
    }

    /** The reason of a notice, as it is written everywhere. */
    public static String reason(String reason) {
        return reason.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static ScoresResponse scores(ScoredList answer, boolean explain) {
        List<ScoreBody> scores = new ArrayList<>(answer.entries().size());
        for (ScoredList.Entry entry : answer.entries()) {
            scores.add(
                    switch (entry) {
                        case ScoredList.Entry.Scored scored -> score(scored, explain);
                        case ScoredList.Entry.Missing missing ->
                            new ScoreBody(missing.id().toString(), null, reason(missing.reason()), null, null);
                    });
        }
        return new ScoresResponse(
                answer.higherIsCloser(), answer.range(), answer.unit(), scores, provenance(answer.provenance()));
    }

    public static PairsResponse pairs(ScoredPairs answer) {
        Similarity similarity = answer.comparison().similarity();
        return new PairsResponse(
                similarity.higherIsCloser(),
                similarity.range(),
                similarity.unit(),
                answer.entries().stream().map(Answers::pair).toList(),
                provenance(answer.provenance()));
    }

    private static PairScoreBody pair(ScoredPairs.Entry entry) {
        return new PairScoreBody(
                entry.pair().source().toString(),
                entry.pair().candidate().toString(),
                number(entry.score()),
                entry.missing().map(Answers::reason).orElse(null));
    }

    public static MatrixResponse matrix(ScoredMatrix answer) {
        Similarity similarity = answer.comparison().similarity();
        List<List<@Nullable Double>> rows = new ArrayList<>(answer.scores().length);
        for (double[] scores : answer.scores()) {
            List<@Nullable Double> row = new ArrayList<>(scores.length);
            for (double score : scores) {
                row.add(number(score));
            }
            rows.add(row);
        }
        return new MatrixResponse(
                similarity.higherIsCloser(),
                similarity.range(),
                similarity.unit(),
                answer.sources().stream().map(Answers::side).toList(),
                answer.candidates().stream().map(Answers::side).toList(),
                rows,
                provenance(answer.provenance()));
    }

    private static SideBody side(ScoredMatrix.Side side) {
        return new SideBody(
                side.id().toString(), side.missing().map(Answers::reason).orElse(null));
    }

    private static @Nullable Double number(double score) {
        return Double.isNaN(score) ? null : score;
    }

    private static ScoreBody score(ScoredList.Entry.Scored scored, boolean explain) {
        return new ScoreBody(
                scored.id().toString(),
                scored.score(),
                null,
                explain ? columns(scored.columns()) : null,
                explain ? clusters(scored.sharedClusters()) : null);
    }

    private static List<ColumnBody> columns(List<ColumnScore> columns) {
        return columns.stream().map(Answers::column).toList();
    }

    private static ColumnBody column(ColumnScore column) {
        return switch (column) {
            case ColumnScore.Present present -> present(present);
            case ColumnScore.Missing missing ->
                new ColumnBody(missing.column(), null, null, null, null, null, reason(missing.reason()));
        };
    }

    private static ColumnBody present(ColumnScore.Present present) {
        @Nullable Integer rank = present.rank().orElse(null);
        return new ColumnBody(
                present.column(),
                present.raw(),
                present.normalized(),
                present.weight(),
                present.contribution(),
                rank,
                null);
    }

    private static List<SharedClusterBody> clusters(List<SharedCluster> clusters) {
        return clusters.stream()
                .map(shared -> new SharedClusterBody(shared.column(), shared.cluster(), shared.label(), shared.share()))
                .toList();
    }

    /** A tenant is told the reason alone: the sentence may name spaces that it does not see. */
    private static String message(World world, Provenance.Notice notice) {
        return world.tenant().isEmpty()
                ? notice.message()
                : reason(notice.reason()).replace('-', ' ');
    }

    private static ProvenanceBody provenance(Provenance provenance) {
        World world = World.current();
        return new ProvenanceBody(
                provenance.decisionId(),
                provenance.release(),
                world.own(provenance.versions()),
                provenance.assignments().stream()
                        .map(a -> new ProvenanceBody.AssignmentBody(a.experiment(), a.variant()))
                        .toList(),
                provenance.notices().stream()
                        .map(n -> new ProvenanceBody.NoticeBody(n.column(), reason(n.reason()), message(world, n)))
                        .toList(),
                provenance.micros(),
                provenance.plans());
    }
}
