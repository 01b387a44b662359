package repscorer.api.openapi;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import repscorer.analysis.ExperimentReport;
import repscorer.core.align.AlignmentMethod;
import repscorer.core.answer.MissingReason;
import repscorer.core.answer.WhyNot;
import repscorer.core.drift.SpaceDrift;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.experiment.Bucketing;
import repscorer.core.experiment.Switches;
import repscorer.core.interleave.Interleaving;
import repscorer.core.rule.Effect;
import repscorer.core.rule.Rule;
import repscorer.core.similarity.Similarity;
import repscorer.core.store.Release;
import repscorer.vector.Metric;
import repscorer.yaml.JacksonFailures;

/** The words that a key may have, by {@code Schema.key}, taken from where they are decided. */
record Vocabulary(Map<String, List<String>> words) {

    static Vocabulary ofTheService() {
        List<String> states =
                Arrays.stream(Release.State.values()).map(Enum::name).toList();
        List<String> missing = wireNames(MissingReason.values());
        List<String> similarities = Arrays.stream(Similarity.values())
                .filter(similarity -> !similarity.text()) // compared by columns of surfaces alone
                .map(Similarity::wireName)
                .toList();
        Map<String, List<String>> words = new HashMap<>();
        List<String> methods = wireNames(AlignmentMethod.values());
        words.put("AlignmentBody.method", methods);
        words.put("FitBody.method", methods);
        words.put("ReleaseBody.state", states);
        words.put("SpaceVersionBody.state", states);
        words.put("SpaceBody.form", wireNames(EmbeddingFile.Form.values()));
        words.put("SpaceDriftBody.form", wireNames(EmbeddingFile.Form.values()));
        words.put("SpaceDriftBody.rows", wireNames(SpaceDrift.Rows.values()));
        words.put("SpaceBody.metric", wireNames(Metric.values()));
        words.put("SpaceBody.engine", DenseSpace.ENGINES);
        words.put("ExperimentBody.bucketing", wireNames(Bucketing.values()));
        words.put("InterleaveBody.method", wireNames(Interleaving.Method.values()));
        words.put("InterleavedBody.method", wireNames(Interleaving.Method.values()));
        words.put("ChanceBody.exploration", List.of("uniform", "softmax"));
        words.put("ExperimentSourceBody.source", List.of("api", "file"));
        words.put("SwitchBody.source", List.of("api", "file"));
        words.put(
                "SwitchBody.kind",
                Arrays.stream(Switches.Kind.values())
                        .map(Switches.Kind::toString)
                        .toList());
        words.put("HistoryEntryBody.subject", List.of("experiment", "variant", "switch", "canary"));
        words.put("HistoryEntryBody.outcome", List.of("taken", "refused"));
        words.put("RankedBody.plan", List.of("union", "all"));
        words.put("RuleReportBody.mode", wireNames(Rule.Mode.values()));
        words.put("RuleTraceBody.change", wireNames(Effect.Change.values()));
        words.put("WhyNotResponse.stage", wireNames(WhyNot.Stage.values()));
        words.put("ExperimentReportResponse.state", wireNames(ExperimentReport.State.values()));
        words.put("OutcomeAnswerBody.status", List.of("ACCEPTED", "LATE", "REFUSED"));
        words.put("ChangeAnswerBody.status", List.of("ACCEPTED", "DUPLICATE", "REFUSED"));
        for (String schema :
                List.of("ColumnBody", "ScoreBody", "PairScoreBody", "SideBody", "FeaturesBody", "EmbeddingBody")) {
            words.put(schema + ".missing", missing);
        }
        for (String schema : List.of("ScoresRequest", "PairsRequest", "MatrixRequest")) {
            words.put(schema + ".similarity", similarities);
        }
        return new Vocabulary(words);
    }

    private static List<String> wireNames(Enum<?>[] constants) {
        return Arrays.stream(constants).map(JacksonFailures::wireName).toList();
    }

    /** As the document's library wants it: a schema's words are of the schema's type, and these are all text. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    Optional<List> of(String schema, String key) {
        return Optional.ofNullable(words.get(schema + "." + key));
    }
}
