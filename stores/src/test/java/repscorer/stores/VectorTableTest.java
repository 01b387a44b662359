package repscorer.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import repscorer.stores.VectorTable.Hit;
import repscorer.stores.VectorTable.Row;
import repscorer.testing.Seeds;

/** Tables over a running service, held against every row looked at. */
class VectorTableTest {

    private static final StoreService SERVICE = StoreService.shared();

    private final SegmentStore segments = new MemorySegments();
    private final VectorTable table = SERVICE.table(segments);

    /** Says of every filter that more rows meet it than a request could name, so that pages are looked through. */
    private record Unnamed(SegmentStore inner) implements SegmentStore {

        @Override
        public void put(Map<String, Segment> more) {
            inner.put(more);
        }

        @Override
        public Map<String, Segment> get(Collection<String> ids) {
            return inner.get(ids);
        }

        @Override
        public void remove(Collection<String> ids) {
            inner.remove(ids);
        }

        @Override
        public List<String> ids(Predicate<Segment> filter, int max) {
            return Collections.nCopies(max, "any");
        }
    }

    @AfterEach
    void empty() {
        table.removeIf(any -> true);
    }

    private static Segment of(int group) {
        return new Segment(Optional.of("row of " + group), Map.of("group", group));
    }

    private static float[] random(RandomGenerator random) {
        float[] vector = new float[StoreService.DIMENSION];
        for (int d = 0; d < vector.length; d++) {
            vector[d] = (float) random.nextGaussian();
        }
        return vector;
    }

    private static List<String> nearest(
            Map<String, Row> rows, float[] query, int k, double min, Predicate<Segment> filter) {
        return rows.values().stream()
                .filter(row -> filter.test(row.segment()) && Words.cosine(query, row.vector()) >= min)
                .sorted(Comparator.comparingDouble((Row row) -> -Words.cosine(query, row.vector())))
                .limit(k)
                .map(Row::id)
                .toList();
    }

    @Test
    void searchesFindWhatIsNearestAmongThoseThatMeetTheFilterWhateverWasPutAndTakenAway() {
        RandomGenerator random = Seeds.random(getClass().getSimpleName());
        VectorTable paged = VectorTable.builder(SERVICE.client, "documents", "documents")
                .segments(new Unnamed(segments))
                .pageMax(50)
                .build();
        Map<String, Row> rows = new TreeMap<>();
        for (int round = 0; round < 4; round++) {
            List<Row> more = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                Row row = new Row("r" + random.nextInt(500), random(random), of(random.nextInt(10)));
                more.add(row);
                rows.put(row.id(), row);
            }
            table.put(more);
            List<String> gone = IntStream.range(0, 40)
                    .mapToObj(i -> "r" + random.nextInt(500))
                    .distinct()
                    .toList();
            table.remove(gone);
            gone.forEach(rows::remove);

            float[] query = random(random);
            double min = random.nextDouble() * 0.2 - 0.1;
            int k = 1 + random.nextInt(120);
            int group = random.nextInt(10);
            Predicate<Segment> filter = segment -> of(group).equals(segment);
            List<String> all = nearest(rows, query, k, min, any -> true);
            List<String> met = nearest(rows, query, k, min, filter);
            assertThat(met).as("the filter leaves some out").isNotEqualTo(all);
            for (VectorTable each : List.of(table, paged)) {
                assertThat(each.search(query, k, min, Optional.empty()))
                        .extracting(Hit::id)
                        .isEqualTo(all);
                List<Hit> hits = each.search(query, k, min, Optional.of(filter));
                assertThat(hits).extracting(Hit::id).isEqualTo(met);
                hits.forEach(hit -> {
                    Row row = Objects.requireNonNull(rows.get(hit.id()));
                    assertThat(hit.cosine())
                            .isCloseTo(Words.cosine(query, row.vector()), org.assertj.core.data.Offset.offset(1e-5));
                    assertThat(hit.segment()).contains(row.segment());
                });
            }
            Map<String, float[]> vectors = table.vectors(all);
            all.forEach(id -> assertThat(vectors.get(id))
                    .isEqualTo(Objects.requireNonNull(rows.get(id)).vector()));
        }
        table.removeIf(of(3)::equals);
        rows.values().removeIf(row -> row.segment().equals(of(3)));
        float[] query = random(random);
        assertThat(table.search(query, 1_000, -1, Optional.empty()))
                .extracting(Hit::id)
                .isEqualTo(nearest(rows, query, 1_000, -1, any -> true));
    }

    @Test
    void aSearchGivesUpAfterSoManyRowsThatDoNotMeetItsFilter() {
        RandomGenerator random = Seeds.random(getClass().getSimpleName());
        table.put(IntStream.range(0, 300)
                .mapToObj(i -> new Row("r" + i, random(random), of(i == 299 ? 1 : 0)))
                .toList());
        VectorTable.Builder builder = VectorTable.builder(SERVICE.client, "documents", "documents")
                .segments(new Unnamed(segments))
                .pageMax(64);
        float[] far = Objects.requireNonNull(table.vectors(List.of("r299")).get("r299"));
        for (int d = 0; d < far.length; d++) {
            far[d] = -far[d];
        }
        Optional<Predicate<Segment>> one = Optional.of(of(1)::equals);
        assertThat(builder.build().search(far, 1, -2, one)).extracting(Hit::id).containsExactly("r299");
        assertThat(builder.lookedAtMax(100).build().search(far, 1, -2, one)).isEmpty();
    }

    @Test
    void rowsOfOthersAreFoundWithoutASegmentAndMeetNoFilter() {
        VectorTable other = SERVICE.table(new MemorySegments());
        other.put(List.of(new Row("theirs", Words.vector("of somebody else"), of(1))));
        table.put(List.of(new Row("ours", Words.vector("of ours"), of(2))));

        assertThat(table.search(Words.vector("of somebody else"), 5, -1, Optional.empty()))
                .extracting(hit -> hit.id() + " " + hit.segment().isPresent())
                .containsExactly("theirs false", "ours true");
        assertThat(table.search(Words.vector("of somebody else"), 5, -1, Optional.of(any -> true)))
                .extracting(Hit::id)
                .containsExactly("ours");
        table.removeIf(any -> true);
        assertThat(other.search(Words.vector("of"), 5, -1, Optional.empty())).hasSize(1);
        other.removeIf(any -> true);
        other.remove(List.of("never there"));
    }

    @Test
    void whatTheServiceRefusesIsToldWithTheFirstReasonAndTheRestIsPut() {
        assertThatThrownBy(() -> table.put(List.of(
                        new Row("none", new float[StoreService.DIMENSION], Segment.NONE),
                        new Row("right", Words.vector("right"), Segment.NONE))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("space documents refused 1 of 2 rows; the first: ")
                .hasMessageContaining("zero");
        assertThat(table.search(Words.vector("right"), 5, -1, Optional.empty()))
                .extracting(Hit::id)
                .containsExactly("right");
    }

    @Test
    void whatNoSpaceCanHoldIsRefusedBeforeAnythingIsPut() {
        float[] odd = Words.vector("odd");
        odd[3] = Float.NaN;
        for (Map.Entry<Row, String> each : Map.of(
                        new Row("short", new float[] {1, 2}, Segment.NONE),
                        "dimension differs: space documents expects 64, got 2 (id short)",
                        new Row("odd", odd, Segment.NONE),
                        "a vector has finite values: NaN (id odd)",
                        new Row("", Words.vector("a"), Segment.NONE),
                        "an id is 1 to 256 bytes without control characters: 0 bytes")
                .entrySet()) {
            assertThatThrownBy(() ->
                            table.put(List.of(new Row("right", Words.vector("right"), Segment.NONE), each.getKey())))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(each.getValue());
        }
        assertThat(table.search(Words.vector("right"), 5, -1, Optional.empty())).isEmpty();
        assertThat(segments.ids(any -> true, 5)).isEmpty();
    }

    @Test
    void aSurfaceThatDoesMoreThanAnswerCosinesIsRefused() {
        for (Map.Entry<List<String>, String> each : Map.of(
                        List.of("documents", "scaled"),
                        "a surface whose scores are cosines has blend.normalizer: none (surface scaled)",
                        List.of("elsewhere", "documents"),
                        "the service has no space 'elsewhere'",
                        List.of("documents", "elsewhere"),
                        "the service has no surface 'elsewhere'")
                .entrySet()) {
            assertThatThrownBy(() -> VectorTable.builder(
                                    SERVICE.client,
                                    each.getKey().get(0),
                                    each.getKey().get(1))
                            .build())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(each.getValue());
        }
    }
}
