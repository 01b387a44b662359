package repscorer.stores.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.vectorstore.SearchRequest;
import org.springframework.ai.vectorstore.SimpleVectorStore;
import org.springframework.ai.vectorstore.VectorStore;
import org.springframework.ai.vectorstore.filter.Filter;
import org.springframework.ai.vectorstore.filter.FilterExpressionTextParser;
import repscorer.stores.MemorySegments;
import repscorer.stores.StoreService;
import repscorer.stores.VectorTable;
import repscorer.testing.Seeds;

/** A store over a running service, held against Spring AI's own, which has all in memory. */
class SpaceVectorStoreTest {

    private static final EmbeddingModel MODEL = new WordsEmbeddingModel();

    private static final List<String> TEXTS = List.of(
            "jazz of the night", "a chess opening", "the night train", "cycling uphill", "jazz and chess", "rock");

    private final VectorTable table = StoreService.shared().table(new MemorySegments());
    private final VectorStore store = SpaceVectorStore.builder(table, MODEL).build();

    @AfterEach
    void empty() {
        table.removeIf(any -> true);
    }

    private static SearchRequest.Builder request(String query) {
        return SearchRequest.builder().query(query);
    }

    @Test
    void documentsAreFoundWithTextMetadataScoreAndDistance() {
        store.add(List.of(
                new Document("a", "jazz of the night", Map.of("year", 1959, "live", true)),
                new Document("b", "a chess opening", Map.of()),
                new Document("c", "jazz and chess", Map.of("tags", List.of("x", "y")))));

        List<Document> found =
                store.similaritySearch(request("jazz of the night").topK(2).build());

        assertThat(found).extracting(Document::getId).containsExactly("a", "c");
        Document first = found.getFirst();
        assertThat(first.getText()).isEqualTo("jazz of the night");
        assertThat(first.getScore()).isCloseTo(1, Offset.offset(1e-5));
        assertThat(first.getMetadata()).containsEntry("year", 1959).containsEntry("live", true);
        assertThat((Double) first.getMetadata().get("distance")).isCloseTo(0, Offset.offset(1e-5));
        assertThat(found.get(1).getMetadata()).containsEntry("tags", List.of("x", "y"));
        double between = Objects.requireNonNull(found.get(1).getScore());
        assertThat(store.similaritySearch(request("jazz of the night")
                        .similarityThreshold(between + 0.01)
                        .build()))
                .hasSize(1);
        assertThat(store.similaritySearch(request("jazz of the night")
                        .similarityThreshold(between - 0.01)
                        .build()))
                .hasSize(2);

        store.add(List.of(new Document("a", "rock", Map.of())));
        assertThat(store.similaritySearch(request("rock").topK(1).build())
                        .getFirst()
                        .getId())
                .isEqualTo("a");
        store.delete(List.of("a", "never there"));
        assertThat(store.similaritySearch(request("jazz and a chess opening").build()))
                .extracting(Document::getId)
                .containsExactlyInAnyOrder("b", "c");
        assertThat(store.<VectorTable>getNativeClient()).contains(table);
    }

    @Test
    void filtersMeanWhatTheyMeanToSpringAisOwnStore() {
        RandomGenerator random = Seeds.random(getClass().getSimpleName());
        SimpleVectorStore own = SimpleVectorStore.builder(MODEL).build();
        List<Document> documents = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            Map<String, Object> metadata = new HashMap<>();
            metadata.put("year", 1950 + random.nextInt(10));
            metadata.put("name", List.of("a", "b", "b c").get(random.nextInt(3)));
            metadata.put("weight", random.nextInt(8) / 4.0);
            if (random.nextBoolean()) {
                metadata.put("live", random.nextBoolean());
            }
            documents.add(new Document("d" + i, TEXTS.get(random.nextInt(TEXTS.size())) + " " + i, metadata));
        }
        store.add(documents);
        own.add(documents);
        int met = 0;
        for (int i = 0; i < 60; i++) {
            Filter.Expression filter = new FilterExpressionTextParser().parse(condition(random, 2));
            SearchRequest asked = request(TEXTS.get(random.nextInt(TEXTS.size())))
                    .topK(5 + random.nextInt(60))
                    .filterExpression(filter)
                    .build();
            List<Document> expected = own.similaritySearch(asked);
            assertThat(store.similaritySearch(asked))
                    .as("%s", filter)
                    .extracting(Document::getId)
                    .containsExactlyElementsOf(
                            expected.stream().map(Document::getId).toList());
            met += expected.size();
        }
        assertThat(met).as("filters that some meet").isPositive();
        Filter.Expression gone = new FilterExpressionTextParser().parse("year >= 1955 AND name != 'a'");
        store.delete(gone);
        own.delete(gone);
        SearchRequest all = request("jazz").topK(100).build();
        assertThat(store.similaritySearch(all))
                .hasSizeLessThan(60)
                .extracting(Document::getId)
                .containsExactlyElementsOf(
                        own.similaritySearch(all).stream().map(Document::getId).toList());
    }

    private static String condition(RandomGenerator random, int depth) {
        if (depth > 0 && random.nextInt(3) > 0) {
            String a = condition(random, depth - 1);
            String b = condition(random, depth - 1);
            return switch (random.nextInt(3)) {
                case 0 -> "(" + a + ") AND (" + b + ")";
                case 1 -> "(" + a + ") OR (" + b + ")";
                default -> "NOT (" + a + ")";
            };
        }
        String order = List.of("==", "!=", ">", ">=", "<", "<=").get(random.nextInt(6));
        return switch (random.nextInt(6)) {
            case 0 -> "year " + order + " " + (1950 + random.nextInt(10));
            case 1 -> "name " + order + " 'b'";
            case 2 -> "weight " + order + " " + random.nextInt(8) / 4.0;
            case 3 -> "year " + (random.nextBoolean() ? "IN" : "NIN") + " [1951, 1955, 1958]";
            case 4 -> "name " + (random.nextBoolean() ? "IN" : "NIN") + " ['a', 'b c']";
            default -> "live == true";
        };
    }

    @Test
    void mediaAndMetadataThatNobodyCanKeepAreRefused() {
        assertThatThrownBy(() -> store.add(List.of(new Document("x", "y", Map.of("when", java.time.Instant.EPOCH)))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'when'");
        assertThat(store.similaritySearch(request("y").build())).isEmpty();
    }
}
