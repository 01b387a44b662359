package repscorer.training.twhin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import repscorer.core.entity.EntityKind;
import repscorer.training.graph.EdgeReader;
import repscorer.training.graph.Graph;
import repscorer.training.graph.HoldOut;
import repscorer.training.graph.Relation;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.TwhinPlan.Comparator;
import repscorer.training.plan.TwhinPlan.Operator;
import repscorer.training.plan.YamlFiles;
import repscorer.training.progress.TrainingProgress;

/** Filtered ranks of held-out edges, one edge after the other over sets of triples, by the definition. */
class LinkRankingOracleTest {

    private static final int D = 4;

    /** An edge by relation, head and tail. */
    private record Triple(int relation, int head, int tail) {}

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // read before each test
    private HoldOut.Split split;

    private final SplittableRandom random = new SplittableRandom(8);

    @BeforeEach
    void read() throws IOException {
        StringBuilder follows = new StringBuilder();
        StringBuilder likes = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            int head = random.nextInt(100);
            follows.append(head)
                    .append('\t')
                    .append((head + random.nextInt(1, 100)) % 100)
                    .append('\n');
            likes.append(random.nextInt(100))
                    .append('\t')
                    .append(random.nextInt(9))
                    .append('\n');
        }
        Files.writeString(directory.resolve("f.tsv"), follows);
        Files.writeString(directory.resolve("l.tsv"), likes);
        TrainingPlan plan = YamlFiles.parse(Path.of("p.yaml"), """
                name: p
                twhin: {dimension: 4}
                relations:
                  - {name: follow, files: [f.tsv], head: user, tail: user}
                  - {name: like, files: [l.tsv], head: user, tail: topic}
                """, TrainingPlan.class);
        Graph graph = EdgeReader.read(plan, directory, TrainingProgress.NONE).graph();
        split = HoldOut.split(graph, Map.of("follow", 0.2, "like", 0.3), 5);
    }

    /** Whole numbers, so that many scores are equal. */
    private float[] whole(int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = random.nextInt(-1, 2);
        }
        return values;
    }

    private TwhinModel model(Operator operator, boolean reciprocal) {
        return model(operator, reciprocal, 0);
    }

    /** @param without of each kind so many entities, the last ones, have no row */
    private TwhinModel model(Operator operator, boolean reciprocal, int without) {
        Map<EntityKind, Vectors> vectors = new LinkedHashMap<>();
        split.training()
                .entities()
                .forEach((kind, index) -> vectors.put(kind, Vectors.of(whole((index.count() - without) * D), D)));
        int relations = split.training().relations().size();
        return new TwhinModel(
                D,
                operator,
                Comparator.DOT,
                vectors,
                whole(relations * D),
                reciprocal ? Optional.of(whole(relations * D)) : Optional.empty(),
                List.of(),
                Map.of(),
                List.of(),
                Optional.empty(),
                0);
    }

    private static double[] operated(Operator operator, float[] x, float[] theta) {
        double[] y = new double[D];
        for (int j = 0; j < D; j++) {
            y[j] = switch (operator) {
                case IDENTITY -> x[j];
                case TRANSLATION -> x[j] + theta[j];
                case DIAGONAL -> x[j] * theta[j];
                // (x_j + i x_{j+2}) (θ_j + i θ_{j+2}), real parts first
                case COMPLEX_DIAGONAL ->
                    j < 2 ? x[j] * theta[j] - x[j + 2] * theta[j + 2] : x[j - 2] * theta[j] + x[j] * theta[j - 2];
            };
        }
        return y;
    }

    private static float[] row(float[] rows, int at) {
        float[] row = new float[D];
        System.arraycopy(rows, at * D, row, 0, D);
        return row;
    }

    private static double dot(double[] a, float[] b) {
        double sum = 0;
        for (int j = 0; j < D; j++) {
            sum += a[j] * b[j];
        }
        return sum;
    }

    private static double score(TwhinModel model, Relation relation, int r, int head, int tail, boolean forward) {
        float[] h = row(model.rows(relation.plan().head()), head);
        float[] t = row(model.rows(relation.plan().tail()), tail);
        if (!forward && model.inverses().isPresent()) {
            return dot(operated(model.operator(), t, row(model.inverses().get(), r)), h);
        }
        return dot(operated(model.operator(), h, row(model.relations(), r)), t);
    }

    private Set<Triple> known() {
        Set<Triple> known = new HashSet<>();
        List<Relation> relations = split.training().relations();
        for (int r = 0; r < relations.size(); r++) {
            add(known, r, relations.get(r));
            Relation held = split.held().get(relations.get(r).name());
            if (held != null) {
                add(known, r, held);
            }
        }
        return known;
    }

    private static void add(Set<Triple> to, int r, Relation relation) {
        for (int edge = 0; edge < relation.edges(); edge++) {
            to.add(new Triple(r, relation.heads()[edge], relation.tails()[edge]));
        }
    }

    private List<Double> ranks(TwhinModel model) {
        Set<Triple> known = known();
        List<Double> ranks = new ArrayList<>();
        for (int r = 0; r < split.training().relations().size(); r++) {
            Relation training = split.training().relations().get(r);
            Relation held = split.held().get(training.name());
            for (int edge = 0; held != null && edge < held.edges(); edge++) {
                int head = held.heads()[edge];
                int tail = held.tails()[edge];
                for (boolean forward : new boolean[] {true, false}) {
                    int n = model.rows(
                                            forward
                                                    ? training.plan().tail()
                                                    : training.plan().head())
                                    .length
                            / D;
                    int asked = forward ? head : tail;
                    int wanted = forward ? tail : head;
                    int rows = model.rows(
                                            forward
                                                    ? training.plan().head()
                                                    : training.plan().tail())
                                    .length
                            / D;
                    if (asked >= rows) {
                        ranks.add((double) n); // who has no row asks in vain
                        continue;
                    }
                    boolean scored = wanted < n;
                    double own = scored ? score(model, training, r, head, tail, forward) : Double.NEGATIVE_INFINITY;
                    double rank = 1;
                    for (int other = 0; other < n; other++) {
                        Triple triple = forward ? new Triple(r, head, other) : new Triple(r, other, tail);
                        if (!known.contains(triple)) {
                            double score = score(model, training, r, triple.head(), triple.tail(), forward);
                            rank += score > own ? 1 : score == own ? 0.5 : 0;
                        }
                    }
                    ranks.add(rank);
                }
            }
        }
        return ranks;
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("S13: filtered ranks, ties in the middle, are those of one edge after the other")
    void ranksAreThoseOfTheDefinition(Operator operator) {
        for (int round = 0; round < 4; round++) {
            TwhinModel model = model(operator, round % 2 == 0, round < 2 ? 0 : 3);
            List<Double> ranks = ranks(model);
            LinkRanking.Figures figures =
                    LinkRanking.rank(model, split, split.held(), Integer.MAX_VALUE, 1, TrainingProgress.NONE);
            int n = ranks.size();
            Offset<Double> close = Offset.offset(1e-9);
            assertThat(figures.ranks()).isEqualTo(n).isGreaterThan(300);
            assertThat(figures.mrr())
                    .isCloseTo(ranks.stream().mapToDouble(rank -> 1 / rank).sum() / n, close);
            assertThat(figures.meanRank())
                    .isCloseTo(ranks.stream().mapToDouble(rank -> rank).sum() / n, close);
            assertThat(figures.hits1()).isCloseTo(share(ranks, 1), close);
            assertThat(figures.hits3()).isCloseTo(share(ranks, 3), close);
            assertThat(figures.hits10()).isCloseTo(share(ranks, 10), close);
            assertThat(figures.hits3()).isPositive();
        }
    }

    private static double share(List<Double> ranks, int upTo) {
        return ranks.stream().filter(rank -> rank <= upTo).count() / (double) ranks.size();
    }

    @Test
    @DisplayName("S13: of more edges than are wanted the seed draws a part, the same each time")
    void ofMoreEdgesAPartIsDrawn() {
        TwhinModel model = model(Operator.TRANSLATION, false);
        long all = ranks(model).size();
        long drawn = LinkRanking.rank(model, split, split.held(), (int) all / 8, 1, TrainingProgress.NONE)
                .ranks();
        assertThat(drawn).isBetween(all / 7, all / 3);
        assertThat(LinkRanking.rank(model, split, split.held(), (int) all / 8, 1, TrainingProgress.NONE)
                        .ranks())
                .isEqualTo(drawn);
        assertThat(LinkRanking.rank(model, split, Map.of(), 10, 1, TrainingProgress.NONE))
                .isEqualTo(new LinkRanking.Figures(0, 0, 0, 0, 0, 0));
    }

    @Test
    @DisplayName("S13: ranking tells how far it is, and ends when it is told to")
    void rankingTellsHowFarItIs() {
        TwhinModel model = model(Operator.IDENTITY, false);
        List<Long> told = new ArrayList<>();
        LinkRanking.rank(model, split, split.held(), 10, 1, (stage, done, total, note) -> {
            assertThat(total).isEqualTo(2);
            told.add(done);
        });
        assertThat(told).containsExactly(0L, 1L, 2L);
        TrainingProgress cancelled = new TrainingProgress() {
            @Override
            public void report(String stage, long done, long total, String note) {}

            @Override
            public boolean cancelled() {
                return true;
            }
        };
        assertThatExceptionOfType(CancellationException.class)
                .isThrownBy(() -> LinkRanking.rank(model, split, split.held(), 10, 1, cancelled));
    }
}
