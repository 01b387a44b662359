package repscorer.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.answer.ScoredCandidate;
import repscorer.core.answer.ScoredCandidates;
import repscorer.core.answer.WhyNot;
import repscorer.core.blend.BlendRecipe;
import repscorer.core.blend.Normalizer;
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
import repscorer.core.query.Filter;
import repscorer.core.query.Source;
import repscorer.core.rule.Rule;
import repscorer.core.rule.RuleBook;
import repscorer.core.similarity.Similarity;
import repscorer.core.store.Change;
import repscorer.core.store.Outcome;
import repscorer.core.store.PublicationListener;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.RepresentationStore.Missing;
import repscorer.testing.Seeds;
import repscorer.vector.SparseVector;

/** Columns that no file had are answered as if they had been published: beside a store that was published with the end state. */
class NewColumnsTest {

    private static final EntityKind USER = EntityKind.USER;
    private static final EntityKind TWEET = EntityKind.TWEET;
    private static final List<String> SPACES = List.of("clusters-user", "clusters-tweet", "tags", "authored");
    private static final int USERS = 8;
    private static final int TWEETS = 30;

    @TempDir
    Path directory;

    private final Random random = new Random(Seeds.random("NewColumnsTest").nextLong());

    /** By space and entity, what each row holds. */
    private final Map<String, Map<EntityId, Map<EntityId, Float>>> rows = new TreeMap<>();

    private RepresentationStore streamed;
    private int published;

    @BeforeEach
    void publishLittle() throws IOException {
        streamed = open("streamed");
        for (int i = 0; i < USERS; i++) {
            put("clusters-user", EntityId.of(USER, i), "cluster", 6, 4);
            put("authored", EntityId.of(USER, i), "tweet", TWEETS / 2, 3);
        }
        for (int i = 0; i < TWEETS; i++) {
            put("clusters-tweet", EntityId.of(TWEET, i), "cluster", 6, 4);
            put("tags", EntityId.of(TWEET, i), "tag", 3, 2);
        }
        publish(streamed, "r1", 6, 3, TWEETS / 2);
    }

    @AfterEach
    void close() {
        streamed.close();
    }

    private RepresentationStore open(String name) {
        return ReleaseBuilder.open(
                directory.resolve(name),
                Spaces.clusters("clusters-user", USER, 6, 1_000),
                Spaces.clusters("clusters-tweet", TWEET, 6, 1_000),
                Spaces.lookup("tags", "attribute", TWEET, 3),
                Spaces.lookup("authored", "history", USER, 100));
    }

    private void reopen() {
        streamed.close();
        streamed = open("streamed");
    }

    private void put(String space, EntityId id, String column, int columns, int entries) {
        Map<EntityId, Float> row = new TreeMap<>();
        for (int i = 0; i < entries; i++) {
            row.put(EntityId.of(new EntityKind(column), random.nextInt(columns)), 0.1f + random.nextFloat());
        }
        rows.computeIfAbsent(space, each -> new TreeMap<>()).put(id, row);
    }

    private void publish(RepresentationStore store, String release, int clusters, int tags, int tweets)
            throws IOException {
        ReleaseBuilder builder = ReleaseBuilder.of(store, Files.createTempDirectory(directory, "scratch"), release);
        for (String space : SPACES) {
            List<EntityId> columns = switch (space) {
                case "tags" -> ReleaseBuilder.columns("tag", tags);
                case "authored" -> ReleaseBuilder.columns("tweet", tweets);
                default -> ReleaseBuilder.columns("cluster", clusters);
            };
            Map<EntityId, SparseVector> vectors = new TreeMap<>();
            of(space).forEach((id, row) -> vectors.put(id, vector(columns, row)));
            builder.sparse(space, columns, vectors);
        }
        builder.publish();
    }

    private static SparseVector vector(List<EntityId> columns, Map<EntityId, Float> row) {
        int[] places = row.keySet().stream().mapToInt(columns::indexOf).sorted().toArray();
        float[] weights = new float[places.length];
        for (int i = 0; i < places.length; i++) {
            weights[i] = row.getOrDefault(columns.get(places[i]), 0f);
        }
        return new SparseVector(places, weights);
    }

    private Map<EntityId, Map<EntityId, Float>> of(String space) {
        return rows.getOrDefault(space, Map.of());
    }

    /** Gives most rows others, of more columns than there were, and streams them in any order. */
    private void stream(int clusters, int tags, int tweets) {
        List<Runnable> changes = new ArrayList<>();
        for (String space : SPACES) {
            List<EntityId> ids = new ArrayList<>(of(space).keySet());
            ids.add(EntityId.of(ids.getFirst().kind(), 1_000 + random.nextInt(1_000)));
            for (EntityId id : ids) {
                if (random.nextInt(3) > 0) {
                    switch (space) {
                        case "tags" -> put(space, id, "tag", tags, 2);
                        case "authored" -> put(space, id, "tweet", tweets, 3);
                        default -> put(space, id, "cluster", clusters, 5);
                    }
                    changes.add(() -> assertThat(apply(space, id)).isInstanceOf(Outcome.Accepted.class));
                }
            }
        }
        Collections.shuffle(changes, random);
        changes.forEach(Runnable::run);
    }

    private Outcome apply(String space, EntityId id) {
        Change change = new Change.Named(id, of(space).getOrDefault(id, Map.of()), OptionalLong.empty());
        return streamed.apply(streamed.current().release(), space, "", List.of(change))
                .getFirst();
    }

    private static Scorer scorer(RepresentationStore store) {
        ScoringPlan plan = ScoringPlan.of("s", TWEET)
                .columns(ColumnPlan.sparse("clusters")
                        .source(USER, "clusters-user")
                        .candidate(TWEET, "clusters-tweet")
                        .set(ColumnSetting.RETRIEVE, 40)
                        .set(ColumnSetting.CLUSTERS_SCANNED, 50)
                        .set(ColumnSetting.ITEMS_PER_CLUSTER, 1_000)
                        .build())
                .blend(new BlendRecipe.Linear(Normalizer.NONE))
                .kDefault(10)
                .rules(new RuleBook(List.of(new Rule.Cap("two-a-tag", Rule.Mode.ON, "tag", 2))))
                .attributes(new AttributePlan(
                        Map.of(
                                "tag", new AttributePlan.Attribute(List.of("tags"), List.of()),
                                "author", new AttributePlan.Attribute(List.of(), List.of("authored"))),
                        Set.of(),
                        List.of()))
                .build();
        return ScorerBuilder.of(store, plan).build();
    }

    private static CandidateQuery query(EntityId source, Filter filter) {
        return new CandidateQuery(
                        "s",
                        Source.Entities.of(source),
                        Optional.of(8),
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        Map.of(),
                        Optional.empty(),
                        true)
                .withWhere(filter);
    }

    /** @param tags to filter by, of which the last came by a change */
    private void sameAsPublished(int clusters, int tags, int tweets) throws IOException {
        try (RepresentationStore store = open("published-" + published++)) {
            publish(store, "r1", clusters, tags, tweets);
            Scorer mine = scorer(streamed);
            Scorer theirs = scorer(store);
            List<Filter> filters = List.of(
                    new Filter.All(List.of()),
                    new Filter.Attribute("tag", List.of(EntityId.of(new EntityKind("tag"), tags - 1))),
                    new Filter.Weight("tags", EntityId.of(new EntityKind("tag"), tags - 1), 0.3, 2),
                    new Filter.Weight("tags", EntityId.parse("tag:none"), 0, 2),
                    new Filter.Attribute("author", List.of(EntityId.of(USER, 1), EntityId.of(USER, 3))),
                    new Filter.Listed("authored", EntityId.of(USER, 2)));
            Set<String> clustersShared = new TreeSet<>();
            int answered = 0;
            for (EntityId source : of("clusters-user").keySet()) {
                for (Filter filter : filters) {
                    ScoredCandidates a = mine.candidates(query(source, filter));
                    ScoredCandidates b = theirs.candidates(query(source, filter));
                    assertThat(ids(a)).as("%s, %s", source, filter).isEqualTo(ids(b));
                    for (int i = 0; i < b.candidates().size(); i++) {
                        ScoredCandidate own = a.candidates().get(i);
                        ScoredCandidate expected = b.candidates().get(i);
                        assertThat(own.score()).isCloseTo(expected.score(), within(1e-12));
                        assertThat(clusters(own)).isEqualTo(clusters(expected));
                        clustersShared.addAll(clusters(own));
                    }
                    answered +=
                            filter instanceof Filter.All ? 0 : b.candidates().size();
                }
                for (EntityId asked : of("clusters-tweet").keySet()) {
                    WhyNot a = mine.whyNot(query(source, filters.getFirst()), asked, 8);
                    WhyNot b = theirs.whyNot(query(source, filters.getFirst()), asked, 8);
                    assertThat(a.stage()).as("%s for %s", asked, source).isEqualTo(b.stage());
                    assertThat(a.by()).as("%s for %s", asked, source).isEqualTo(b.by());
                }
            }
            assertThat(answered).as("candidates that filters let through").isPositive();
            assertThat(clustersShared)
                    .as("columns that changes named")
                    .anyMatch(cluster -> Integer.parseInt(cluster.substring(8)) >= 6);
            sameLists(mine, theirs);
        }
    }

    private void sameLists(Scorer mine, Scorer theirs) {
        Comparison comparison = Comparison.of(Similarity.LOG_COSINE, "clusters-user", "clusters-tweet");
        ListScorer a = mine.lists(comparison);
        ListScorer b = theirs.lists(comparison);
        List<EntityId> tweets = List.copyOf(of("clusters-tweet").keySet());
        double[] own = new double[tweets.size()];
        double[] expected = new double[tweets.size()];
        for (EntityId source : of("clusters-user").keySet()) {
            assertThat(a.source(source) && b.source(source)).isTrue();
            a.score(tweets.stream().mapToInt(a::ordinal).toArray(), own.length, own);
            b.score(tweets.stream().mapToInt(b::ordinal).toArray(), own.length, expected);
            assertThat(own).containsExactly(expected, within(1e-12));
        }
    }

    private static List<EntityId> ids(ScoredCandidates answer) {
        return answer.candidates().stream().map(ScoredCandidate::id).toList();
    }

    private static Set<String> clusters(ScoredCandidate candidate) {
        return candidate.sharedClusters().stream()
                .map(ScoredCandidate.SharedCluster::cluster)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void whatNoFileHadIsAnsweredAsIfItHadBeenPublished() throws IOException {
        stream(10, 6, TWEETS);
        sameAsPublished(10, 6, TWEETS);
        reopen();
        sameAsPublished(10, 6, TWEETS);
        for (String space : List.of("clusters-tweet", "tags")) { // of two spaces that share columns one goes ahead
            assertThat(streamed.compact(space, PublicationListener.NONE)).isTrue();
        }
        sameAsPublished(10, 6, TWEETS);
        stream(13, 8, TWEETS + 5);
        sameAsPublished(13, 8, TWEETS + 5);
        reopen();
        sameAsPublished(13, 8, TWEETS + 5);
        SPACES.forEach(space -> streamed.compact(space, PublicationListener.NONE));
        stream(15, 9, TWEETS + 6);
        SPACES.forEach(space -> streamed.compact(space, PublicationListener.NONE));
        reopen();
        sameAsPublished(15, 9, TWEETS + 6);
    }

    @Test
    void aReleaseTakesThemOverWithTheSpacesThatItCarries() throws IOException {
        stream(10, 6, TWEETS);
        streamed.compact("clusters-tweet", PublicationListener.NONE);
        stream(11, 7, TWEETS);
        // One of two spaces that share columns is published anew, without what came; the other has more in base and
        // log.
        List<EntityId> known = ReleaseBuilder.columns("cluster", 6);
        Map<EntityId, SparseVector> vectors = new TreeMap<>();
        for (EntityId id : List.copyOf(of("clusters-user").keySet())) {
            put("clusters-user", id, "cluster", 6, 4);
            vectors.put(id, vector(known, of("clusters-user").getOrDefault(id, Map.of())));
        }
        Path scratch = Files.createTempDirectory(directory, "scratch");
        ReleaseBuilder.of(streamed, scratch, "r2").sparse("clusters-user", known, vectors);
        streamed.publish("r2", new Missing(false, Set.of(Missing.ALL)), PublicationListener.NONE);
        for (int i = 0; i < USERS; i++) {
            put("clusters-user", EntityId.of(USER, i), "cluster", 12, 5);
            assertThat(apply("clusters-user", EntityId.of(USER, i))).isInstanceOf(Outcome.Accepted.class);
        }
        stream(14, 7, TWEETS);
        sameAsPublished(14, 7, TWEETS);
        reopen();
        sameAsPublished(14, 7, TWEETS);
    }

    @Test
    void writersThatNameColumnsOfSpacesThatShareThemAtOnceAgree() throws Exception {
        List<EntityId> clusters = ReleaseBuilder.columns("cluster", 200);
        for (String space : List.of("clusters-user", "clusters-tweet")) {
            for (EntityId id : of(space).keySet()) {
                put(space, id, "cluster", 200, 6);
            }
        }
        List<Thread> writers = new ArrayList<>();
        for (String space : List.of("clusters-user", "clusters-tweet")) {
            writers.add(Thread.ofVirtual().start(() -> of(space).keySet().forEach(id -> apply(space, id))));
        }
        for (Thread writer : writers) {
            writer.join();
        }
        reopen();
        streamed.compact("clusters-user", PublicationListener.NONE);
        reopen();
        Map<EntityId, Double> norms = new TreeMap<>();
        ListScorer list = scorer(streamed).lists(Comparison.of(Similarity.DOT, "clusters-user", "clusters-tweet"));
        for (EntityId user : of("clusters-user").keySet()) {
            assertThat(list.source(user)).isTrue();
            for (EntityId tweet : of("clusters-tweet").keySet()) {
                double[] score = new double[1];
                list.score(new int[] {list.ordinal(tweet)}, 1, score);
                double expected = clusters.stream()
                        .mapToDouble(cluster -> (double) weight("clusters-user", user, cluster)
                                * weight("clusters-tweet", tweet, cluster))
                        .sum();
                assertThat(score[0]).as("%s and %s", user, tweet).isCloseTo(expected, within(1e-6));
                norms.merge(user, expected, Double::sum);
            }
        }
        assertThat(norms.values()).anyMatch(sum -> sum > 0);
    }

    private float weight(String space, EntityId id, EntityId column) {
        return of(space).getOrDefault(id, Map.of()).getOrDefault(column, 0f);
    }
}
