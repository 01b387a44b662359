package repscorer.training.plan;

import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import repscorer.core.embedding.Space;
import repscorer.core.entity.EntityKind;
import repscorer.yaml.ConfigException;

/**
 * A training run: the data, the seed and all that decides the result. What exists is valid; a plan that contradicts itself is
 * refused before any data is read.
 *
 * @param seed of every random choice
 * @param threads that compute; the result does not depend on them
 * @param badRowsMax the share of unreadable rows at which reading stops, 0 to 1
 * @param holdOut the share of a relation's edges that is kept out of training for the evaluation, by relation
 * @param holdOutFrom the time from which on every timed edge is kept out of training, to judge by; not with {@code holdOut}
 * @param validation the share of what is left that chooses between epochs and models, by relation
 * @param twhin absent to learn no dense vectors
 * @param simclusters absent to learn no sparse vectors
 * @param interests absent to make no mixtures; made from the vectors of {@code twhin}
 * @param social absent to write no rows of who follows whom
 * @param texts names and texts of entities that go into the release as they are; nothing is learnt from them
 * @param rows that somebody else knows and that go into the release as they are
 */
public record TrainingPlan(
        String name,
        long seed,
        int threads,
        double badRowsMax,
        List<RelationPlan> relations,
        Map<String, Double> holdOut,
        Optional<Instant> holdOutFrom,
        Map<String, Double> validation,
        Optional<TwhinPlan> twhin,
        Optional<SimClustersPlan> simclusters,
        Optional<InterestsPlan> interests,
        Optional<SocialPlan> social,
        EvaluationPlan evaluation,
        List<TextPlan> texts,
        List<RowsPlan> rows) {

    /** The values of keys that a file leaves out. */
    public record Defaults(
            long seed,
            int threads,
            double badRowsMax,
            Map<String, Double> holdOut,
            Map<String, Double> validation,
            EvaluationPlan evaluation,
            List<TextPlan> texts,
            List<RowsPlan> rows) {}

    public static final Defaults DEFAULT =
            new Defaults(1, 2, 0.001, Map.of(), Map.of(), EvaluationPlan.DEFAULT, List.of(), List.of());

    public TrainingPlan {
        Space.checkName("plan", name);
        relations = List.copyOf(relations);
        holdOut = Map.copyOf(holdOut);
        validation = Map.copyOf(validation);
        texts = List.copyOf(texts);
        rows = List.copyOf(rows);
        Rules.check(rows.stream().map(RowsPlan::space).distinct().count() == rows.size(), "rows name each space once");
        Rules.check(texts.stream().map(TextPlan::kind).distinct().count() == texts.size(), "texts name each kind once");
        Rules.checkRange("threads", threads, 1, 1024);
        Rules.checkRange("bad-rows-max", badRowsMax, 0, 1);
        Rules.check(!relations.isEmpty(), "relations must name at least one relation");
        HashMap<String, RelationPlan> byName = new HashMap<>();
        for (RelationPlan relation : relations) {
            Rules.check(
                    byName.put(relation.name(), relation) == null,
                    "relation names must differ: '%s' twice",
                    relation.name());
            Rules.check(
                    !relation.head().name().equals("relation")
                            && !relation.tail().name().equals("relation"),
                    "the kind 'relation' is taken by the relations themselves: relation %s",
                    relation.name());
        }
        checkShares("hold-out", holdOut, byName);
        checkShares("validation", validation, byName);
        for (String relation : evaluation.weights().keySet()) {
            Rules.check(byName.containsKey(relation), "evaluation.weights names an unknown relation: '%s'", relation);
        }
        boolean timed = relations.stream().anyMatch(r -> r.columns().contains(RelationPlan.Column.TIME));
        Rules.check(
                holdOutFrom.isEmpty() || (timed && holdOut.isEmpty()),
                "hold-out-from needs a relation with times, and no hold-out");
        interests.ifPresent(i -> {
            Rules.check(twhin.isPresent(), "interests are made from the vectors of twhin, which the plan leaves out");
            int partitions = twhin.map(TwhinPlan::partitions).orElse(1);
            Rules.check(partitions == 1, "interests need all vectors in memory: twhin.partitions is %s", partitions);
            i.clusters().keySet().forEach(relation -> {
                Rules.check(
                        byName.containsKey(relation), "interests.clusters names an unknown relation: '%s'", relation);
                Space.checkName("relation", relation);
            });
        });
        Rules.check(
                twhin.isPresent() || simclusters.isPresent() || social.isPresent(),
                "a plan needs twhin, simclusters or social");
        social.ifPresent(s -> {
            RelationPlan follow = byName.get(s.follow());
            Rules.check(follow != null, "social.follow names an unknown relation: '%s'", s.follow());
            Rules.check(
                    follow != null && follow.head().equals(follow.tail()),
                    "social.follow must lead from a kind to the same: '%s'",
                    s.follow());
        });
        if (simclusters.isPresent()) {
            checkSimClusters(simclusters.get(), byName);
        }
    }

    private static void checkShares(String key, Map<String, Double> shares, Map<String, RelationPlan> byName) {
        shares.forEach((relation, share) -> {
            Rules.check(byName.containsKey(relation), "%s names an unknown relation: '%s'", key, relation);
            Rules.check(share > 0 && share < 1, "%s must be between 0 and 1: %s (relation %s)", key, share, relation);
        });
    }

    private static void checkSimClusters(SimClustersPlan plan, Map<String, RelationPlan> byName) {
        RelationPlan follow = byName.get(plan.follow());
        Rules.check(follow != null, "simclusters.follow names an unknown relation: '%s'", plan.follow());
        if (follow == null) {
            return;
        }
        EntityKind kind = follow.head();
        for (String name : plan.items().keySet()) {
            RelationPlan item = byName.get(name);
            Rules.check(item != null, "simclusters.items names an unknown relation: '%s'", name);
            Rules.check(
                    item != null
                            && item.head().equals(kind)
                            && !item.tail().equals(kind)
                            && !item.tail().equals(follow.tail()),
                    "simclusters.items must lead from %s to a kind that simclusters.follow does not join: '%s'",
                    kind,
                    name);
        }
    }

    /**
     * Reads a plan.
     *
     * @throws ConfigException naming the file, the line and the rule
     */
    public static TrainingPlan read(Path file) {
        return YamlFiles.read(file, TrainingPlan.class);
    }

    /** The same plan with another number of threads. */
    public TrainingPlan withThreads(int count) {
        return new TrainingPlan(
                name,
                seed,
                count,
                badRowsMax,
                relations,
                holdOut,
                holdOutFrom,
                validation,
                twhin,
                simclusters,
                interests,
                social,
                evaluation,
                texts,
                rows);
    }

    /** The same plan with another seed. */
    public TrainingPlan withSeed(long other) {
        return new TrainingPlan(
                name,
                other,
                threads,
                badRowsMax,
                relations,
                holdOut,
                holdOutFrom,
                validation,
                twhin,
                simclusters,
                interests,
                social,
                evaluation,
                texts,
                rows);
    }

    /** The same plan without hold-out and validation: every edge of the plan's training files is trained on. */
    public TrainingPlan withoutHoldOut() {
        return new TrainingPlan(
                name,
                seed,
                threads,
                badRowsMax,
                relations,
                Map.of(),
                Optional.empty(),
                Map.of(),
                twhin,
                simclusters,
                interests,
                social,
                evaluation,
                texts,
                rows);
    }

    /** The same plan, judged another way. */
    public TrainingPlan withEvaluation(EvaluationPlan other) {
        return new TrainingPlan(
                name,
                seed,
                threads,
                badRowsMax,
                relations,
                holdOut,
                holdOutFrom,
                validation,
                twhin,
                simclusters,
                interests,
                social,
                other,
                texts,
                rows);
    }

    /** The same plan for other models, without rows of who follows whom. */
    public TrainingPlan withModels(
            Optional<TwhinPlan> dense, Optional<SimClustersPlan> sparse, Optional<InterestsPlan> mixtures) {
        return new TrainingPlan(
                name,
                seed,
                threads,
                badRowsMax,
                relations,
                holdOut,
                holdOutFrom,
                validation,
                dense,
                sparse,
                mixtures,
                Optional.empty(),
                evaluation,
                texts,
                rows);
    }
}
