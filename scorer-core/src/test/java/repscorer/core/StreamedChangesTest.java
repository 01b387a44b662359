package repscorer.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.answer.ScoredCandidate;
import repscorer.core.answer.ScoredCandidates;
import repscorer.core.answer.WhyNot;
import repscorer.core.blend.BlendRecipe;
import repscorer.core.blend.Normalizer;
import repscorer.core.embedding.Embedding;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.fixture.ReleaseBuilder;
import repscorer.core.fixture.ScorerBuilder;
import repscorer.core.fixture.Spaces;
import repscorer.core.pair.ListScorer;
import repscorer.core.plan.AttributePlan;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ColumnSetting;
import repscorer.core.plan.Comparison;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.query.CandidateQuery;
import repscorer.core.query.Source;
import repscorer.core.rule.Rule;
import repscorer.core.rule.RuleBook;
import repscorer.core.similarity.Similarity;
import repscorer.core.store.Change;
import repscorer.core.store.RepresentationStore;
import repscorer.testing.Seeds;
import repscorer.vector.SparseVector;

/** Whatever is streamed in is answered as if it had been published: beside a store that was published with the end state. */
class StreamedChangesTest {

    private static final EntityKind USER = EntityKind.USER;
    private static final int USERS = 40;
    private static final int CLUSTERS = 8;
    private static final int DIMENSION = 6;
    private static final EntityId SOURCE = EntityId.of(USER, 1);
    private static final EntityId DELETED = EntityId.of(USER, 4);
    private static final EntityId CHANGED = EntityId.of(USER, 5);
    private static final EntityId NEW = EntityId.of(USER, USERS + 1);

    @TempDir
    Path directory;

    private RepresentationStore streamed;
    private RepresentationStore published;
    private final Map<EntityId, float[]> dense = new TreeMap<>();
    private final Map<EntityId, SparseVector> sparse = new TreeMap<>();
    private final Map<EntityId, SparseVector> lists = new TreeMap<>();

    @BeforeEach
    void streamAndPublish() throws IOException {
        RandomGenerator random = Seeds.random("StreamedChangesTest");
        for (int i = 1; i <= USERS; i++) {
            put(EntityId.of(USER, i), random);
        }
        streamed = open("streamed");
        publish(streamed, "streamed");
        for (int i = 2; i <= USERS + 5; i++) {
            EntityId id = EntityId.of(USER, i);
            if (i % 4 == 0) {
                dense.remove(id);
                sparse.remove(id);
                lists.remove(id);
                for (String space : List.of("twhin", "clusters", "lists")) {
                    streamed.apply("r1", space, "", List.of(new Change.Delete(id, OptionalLong.empty())));
                }
            } else if (i % 5 == 0 || i > USERS) {
                put(id, random);
                upsert("twhin", id, new Embedding.Dense(dense.getOrDefault(id, new float[0])));
                upsert("clusters", id, new Embedding.Sparse(sparse.getOrDefault(id, SparseVector.EMPTY)));
                upsert("lists", id, new Embedding.Sparse(lists.getOrDefault(id, SparseVector.EMPTY)));
            }
        }
        published = open("published");
        publish(published, "published");
    }

    @AfterEach
    void close() {
        streamed.close();
        published.close();
    }

    private void put(EntityId id, RandomGenerator random) {
        float[] vector = new float[DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        dense.put(id, vector);
        sparse.put(id, row(random, CLUSTERS));
        lists.put(id, row(random, USERS + 5));
    }

    private static SparseVector row(RandomGenerator random, int columns) {
        Set<Integer> drawn = new TreeSet<>();
        while (drawn.size() < 4) {
            drawn.add(random.nextInt(columns));
        }
        int[] places = drawn.stream().mapToInt(Integer::intValue).toArray();
        float[] weights = new float[places.length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = 0.1f + random.nextFloat();
        }
        return new SparseVector(places, weights);
    }

    private void upsert(String space, EntityId id, Embedding embedding) {
        streamed.apply("r1", space, "", List.of(new Change.Upsert(id, embedding, OptionalLong.empty())));
    }

    private RepresentationStore open(String name) {
        return ReleaseBuilder.open(
                directory.resolve(name),
                Spaces.twhin("twhin", USER, DIMENSION),
                Spaces.clusters("clusters", USER, CLUSTERS, 1_000),
                Spaces.lookup("lists", "attribute", USER, USERS + 5));
    }

    private void publish(RepresentationStore store, String scratch) throws IOException {
        List<EntityId> users = new ArrayList<>();
        for (int i = 1; i <= USERS + 5; i++) {
            users.add(EntityId.of(USER, i));
        }
        ReleaseBuilder.of(store, Files.createDirectory(directory.resolve("scratch-" + scratch)), "r1")
                .dense("twhin", dense)
                .sparse("clusters", ReleaseBuilder.columns("cluster", CLUSTERS), sparse)
                .sparse("lists", users, lists)
                .publish();
    }

    /** Asks for the nearest by both columns, at most two of them on the first list that has them. */
    private static Scorer scorer(RepresentationStore store) {
        ScoringPlan plan = ScoringPlan.of("s", USER)
                .columns(
                        ColumnPlan.dense("twhin")
                                .source(USER, "twhin")
                                .candidate(USER, "twhin")
                                .set(ColumnSetting.RETRIEVE, 15)
                                .set(ColumnSetting.EXACT, true)
                                .build(),
                        ColumnPlan.sparse("clusters")
                                .source(USER, "clusters")
                                .candidate(USER, "clusters")
                                .set(ColumnSetting.RETRIEVE, 15)
                                .set(ColumnSetting.CLUSTERS_SCANNED, CLUSTERS)
                                .set(ColumnSetting.ITEMS_PER_CLUSTER, 1_000)
                                .set(ColumnSetting.WEIGHT, 0.5)
                                .build())
                .blend(new BlendRecipe.Linear(Normalizer.NONE))
                .kDefault(10)
                .rules(new RuleBook(List.of(new Rule.Cap("two-a-list", Rule.Mode.ON, "list", 2))))
                .attributes(new AttributePlan(
                        Map.of("list", new AttributePlan.Attribute(List.of(), List.of("lists"))), Set.of(), List.of()))
                .anchors(Map.of("twhin", "twhin"))
                .build();
        return ScorerBuilder.of(store, plan).build();
    }

    private static CandidateQuery query(EntityId source, Map<String, String> overrides) {
        return new CandidateQuery(
                "s",
                Source.Entities.of(source),
                Optional.of(8),
                List.of(),
                List.of(),
                Optional.empty(),
                overrides,
                Optional.empty(),
                true);
    }

    private List<EntityId> everybody() {
        List<EntityId> ids = new ArrayList<>();
        for (int i = 1; i <= USERS + 6; i++) {
            ids.add(EntityId.of(USER, i));
        }
        return ids;
    }

    @Test
    void listsAndPairsAreScoredByWhatWasStreamed() {
        List<EntityId> ids = everybody();
        for (String space : List.of("twhin", "clusters")) {
            Comparison comparison = Comparison.of(Similarity.COSINE, space, space);
            double[][] scores = new double[2][ids.size()];
            for (EntityId source : List.of(SOURCE, CHANGED, NEW)) {
                List<RepresentationStore> stores = List.of(streamed, published);
                for (int s = 0; s < 2; s++) {
                    ListScorer list = scorer(stores.get(s)).lists(comparison);
                    assertThat(list.source(DELETED)).isFalse();
                    assertThat(list.source(source)).isTrue();
                    int[] ordinals = ids.stream().mapToInt(list::ordinal).toArray();
                    list.score(ordinals, ordinals.length, scores[s]);
                }
                for (int i = 0; i < ids.size(); i++) {
                    boolean there = dense.containsKey(ids.get(i));
                    assertThat(Double.isNaN(scores[0][i])).as("%s", ids.get(i)).isEqualTo(!there);
                    if (there) {
                        assertThat(scores[0][i]).as("%s", ids.get(i)).isCloseTo(scores[1][i], within(1e-12));
                    }
                }
            }
        }
    }

    @Test
    void candidatesAndExplanationsAreThoseOfThePublishedState() {
        Scorer one = scorer(streamed);
        Scorer other = scorer(published);
        Set<EntityId> seen = new TreeSet<>();
        for (Map<String, String> overrides : List.of(
                Map.<String, String>of(),
                Map.of("columns.twhin.retrieve", "0", "optimal", "true", "optimal.budget-ms", "60000"))) {
            for (EntityId source : dense.keySet()) {
                ScoredCandidates mine = one.candidates(query(source, overrides));
                ScoredCandidates theirs = other.candidates(query(source, overrides));
                assertThat(mine.ranked().optimal()).isEqualTo(theirs.ranked().optimal());
                assertThat(mine.candidates()).hasSameSizeAs(theirs.candidates());
                for (int i = 0; i < mine.candidates().size(); i++) {
                    same(mine.candidates().get(i), theirs.candidates().get(i));
                    seen.add(mine.candidates().get(i).id());
                }
            }
        }
        assertThat(seen).contains(NEW, CHANGED).doesNotContain(DELETED);
    }

    private static void same(ScoredCandidate mine, ScoredCandidate theirs) {
        assertThat(mine.id()).isEqualTo(theirs.id());
        assertThat(mine.score()).isCloseTo(theirs.score(), within(1e-12));
        assertThat(mine.sharedClusters().stream()
                        .map(ScoredCandidate.SharedCluster::cluster)
                        .toList())
                .isEqualTo(theirs.sharedClusters().stream()
                        .map(ScoredCandidate.SharedCluster::cluster)
                        .toList());
        assertThat(mine.anchors().stream().map(ScoredCandidate.Anchor::id).toList())
                .isEqualTo(theirs.anchors().stream()
                        .map(ScoredCandidate.Anchor::id)
                        .toList());
    }

    @Test
    void whyNotKnowsWhatWasStreamed() {
        Scorer one = scorer(streamed);
        Scorer other = scorer(published);
        Set<WhyNot.Stage> wanted =
                EnumSet.of(WhyNot.Stage.EMBEDDING, WhyNot.Stage.RETRIEVAL, WhyNot.Stage.RULE, WhyNot.Stage.ANSWERED);
        Set<WhyNot.Stage> stages = new TreeSet<>();
        Set<EntityId> sources = new LinkedHashSet<>(List.of(SOURCE, CHANGED, NEW));
        sources.addAll(everybody().subList(4, USERS)); // whom rules remove is drawn
        for (EntityId source : sources) {
            if (stages.containsAll(wanted)) {
                break;
            }
            for (EntityId id : everybody()) {
                WhyNot mine = one.whyNot(query(source, Map.of()), id);
                WhyNot theirs = other.whyNot(query(source, Map.of()), id);
                assertThat(mine.stage()).as("%s for %s", id, source).isEqualTo(theirs.stage());
                assertThat(mine.rank()).as("%s for %s", id, source).isEqualTo(theirs.rank());
                if (!theirs.searches().isEmpty()) {
                    assertThat(mine.searches().getFirst().rank())
                            .as("%s for %s", id, source)
                            .isEqualTo(theirs.searches().getFirst().rank());
                }
                stages.add(mine.stage());
            }
        }
        assertThat(one.whyNot(query(SOURCE, Map.of()), DELETED).stage()).isEqualTo(WhyNot.Stage.EMBEDDING);
        assertThat(stages).containsAll(wanted);
    }
}
