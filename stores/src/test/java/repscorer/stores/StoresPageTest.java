package repscorer.stores;

import static dev.langchain4j.store.embedding.filter.MetadataFilterBuilder.metadataKey;
import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.EmbeddingSearchResult;
import dev.langchain4j.store.embedding.EmbeddingStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.vectorstore.SearchRequest;
import org.springframework.ai.vectorstore.VectorStore;
import repscorer.client.ScorerClient;
import repscorer.stores.langchain4j.SpaceEmbeddingStore;
import repscorer.stores.langchain4j.WordsModel;
import repscorer.stores.spring.SpaceVectorStore;
import repscorer.stores.spring.WordsEmbeddingModel;

/** The page on stores: its files are the tests' service's, and its code is what runs here. */
class StoresPageTest {

    private static final Path ROOT = Path.of(System.getProperty("repscorer.root", ".."));

    @TempDir
    Path directory;

    static List<String> blocks(String language) {
        Matcher blocks = Pattern.compile("^```" + language + "\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL)
                .matcher(read(ROOT.resolve("docs/stores.md")));
        return blocks.results().map(block -> block.group(1)).toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theCodeOfThePageIsThatOfThisTest() {
        String here = read(ROOT.resolve("stores/src/test/java/repscorer/stores/StoresPageTest.java"));
        String plain = here.replaceAll("\\s+", " ");
        assertThat(blocks("java"))
                .hasSize(2)
                .allSatisfy(block ->
                        assertThat(plain).contains(block.replaceAll("\\s+", " ").strip()));
    }

    @Test
    void theCodeOfThePageFindsWhatItAdded() throws IOException {
        URI address = StoreService.shared().running.uri();
        String key = StoreService.TOKEN;
        Path file = directory.resolve("segments");
        WordsModel model = new WordsModel();
        EmbeddingModel embeddingModel = new WordsEmbeddingModel();
        VectorTable used = langChain(address, key, file, model);
        spring(used, embeddingModel);
        used.removeIf(any -> true);
    }

    private static VectorTable langChain(URI address, String key, Path file, WordsModel model) throws IOException {
        ScorerClient scorer = ScorerClient.builder(address).key(key).build();
        SegmentStore segments = FileSegments.open(file);
        VectorTable table = VectorTable.builder(scorer, "documents", "documents")
                .segments(segments)
                .build();
        EmbeddingStore<TextSegment> store = new SpaceEmbeddingStore(table);

        TextSegment segment = TextSegment.from("Jazz of the night.", Metadata.from("topic", "jazz"));
        String id = store.add(model.embed(segment).content(), segment);
        EmbeddingSearchResult<TextSegment> found = store.search(EmbeddingSearchRequest.builder()
                .queryEmbedding(model.embed("night music").content())
                .maxResults(5)
                .filter(metadataKey("topic").isEqualTo("jazz"))
                .build());

        assertThat(found.matches()).singleElement().satisfies(match -> {
            assertThat(match.embeddingId()).isEqualTo(id);
            assertThat(match.embedded()).isEqualTo(segment);
        });
        return table;
    }

    private static void spring(VectorTable table, EmbeddingModel embeddingModel) {
        VectorStore store = SpaceVectorStore.builder(table, embeddingModel).build();
        store.add(List.of(new Document("Jazz of the night.", Map.of("year", 1959))));
        List<Document> found = store.similaritySearch(SearchRequest.builder()
                .query("night music")
                .topK(5)
                .filterExpression("year < 1960")
                .build());

        assertThat(found).singleElement().extracting(Document::getText).isEqualTo("Jazz of the night.");
    }
}
