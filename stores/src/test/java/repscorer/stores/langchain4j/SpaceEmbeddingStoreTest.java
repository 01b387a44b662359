package repscorer.stores.langchain4j;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.store.embedding.EmbeddingStore;
import dev.langchain4j.store.embedding.EmbeddingStoreWithFilteringIT;
import org.junit.jupiter.api.AfterEach;
import repscorer.stores.MemorySegments;
import repscorer.stores.StoreService;

/** What LangChain4j asks of every store that filters, over a running service. */
class SpaceEmbeddingStoreTest extends EmbeddingStoreWithFilteringIT {

    private static final SpaceEmbeddingStore STORE =
            new SpaceEmbeddingStore(StoreService.shared().table(new MemorySegments()));

    @Override
    protected EmbeddingStore<TextSegment> embeddingStore() {
        return STORE;
    }

    @Override
    protected EmbeddingModel embeddingModel() {
        return new WordsModel();
    }

    @Override
    protected boolean supportsContains() {
        return true;
    }

    /** Other tests ask the same service. */
    @AfterEach
    void empty() {
        STORE.removeAll();
    }
}
