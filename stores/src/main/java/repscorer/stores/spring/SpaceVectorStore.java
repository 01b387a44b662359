package repscorer.stores.spring;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.springframework.ai.document.Document;
import org.springframework.ai.document.DocumentMetadata;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.embedding.EmbeddingOptions;
import org.springframework.ai.vectorstore.AbstractVectorStoreBuilder;
import org.springframework.ai.vectorstore.SearchRequest;
import org.springframework.ai.vectorstore.filter.Filter;
import org.springframework.ai.vectorstore.observation.AbstractObservationVectorStore;
import org.springframework.ai.vectorstore.observation.VectorStoreObservationContext;
import repscorer.stores.Segment;
import repscorer.stores.VectorTable;
import repscorer.stores.VectorTable.Hit;
import repscorer.stores.VectorTable.Row;

/**
 * Documents by their embeddings in a space. A document's score is the cosine, and its metadata {@code distance} one less that, as other
 * stores of Spring AI have it; a threshold of 0, the default, leaves out what lies beyond a right angle, as its own store in memory
 * does. Documents are texts: media are refused. Safe for concurrent use.
 */
public final class SpaceVectorStore extends AbstractObservationVectorStore {

    private static final String SYSTEM = "representation_scorer";

    private final VectorTable table;

    private SpaceVectorStore(Builder builder) {
        super(builder);
        this.table = builder.table;
    }

    /**
     * @param table whose segments hold texts and metadata
     * @param embeddingModel of the space's dimension
     */
    public static Builder builder(VectorTable table, EmbeddingModel embeddingModel) {
        return new Builder(table, embeddingModel);
    }

    @Override
    public void doAdd(List<Document> documents) {
        List<Segment> segments =
                documents.stream().map(SpaceVectorStore::segment).toList();
        List<float[]> vectors =
                embeddingModel.embed(documents, EmbeddingOptions.builder().build(), batchingStrategy);
        List<Row> rows = new ArrayList<>(documents.size());
        for (int i = 0; i < documents.size(); i++) {
            rows.add(new Row(documents.get(i).getId(), vectors.get(i), segments.get(i)));
        }
        table.put(rows);
    }

    private static Segment segment(Document document) {
        if (!document.isText()) {
            throw new IllegalArgumentException("a space holds texts: document %s has none".formatted(document.getId()));
        }
        return new Segment(Optional.ofNullable(document.getText()), document.getMetadata());
    }

    @Override
    public void doDelete(List<String> ids) {
        table.remove(ids);
    }

    @Override
    protected void doDelete(Filter.Expression filter) {
        table.removeIf(met(filter));
    }

    private static Predicate<Segment> met(Filter.Expression filter) {
        MetadataCondition condition = new MetadataCondition(filter);
        return segment -> condition.isMet(segment.metadata());
    }

    @Override
    public List<Document> doSimilaritySearch(SearchRequest request) {
        return table
                .search(
                        embeddingModel.embed(request.getQuery()),
                        request.getTopK(),
                        request.getSimilarityThreshold(),
                        Optional.ofNullable(request.getFilterExpression()).map(SpaceVectorStore::met))
                .stream()
                .map(SpaceVectorStore::document)
                .toList();
    }

    private static Document document(Hit hit) {
        Segment segment = hit.segment().orElse(Segment.NONE);
        Map<String, Object> metadata = new HashMap<>(segment.metadata());
        metadata.put(DocumentMetadata.DISTANCE.value(), 1 - hit.cosine());
        return Document.builder()
                .id(hit.id())
                .text(segment.text().orElse(""))
                .metadata(metadata)
                .score(hit.cosine())
                .build();
    }

    @Override
    public VectorStoreObservationContext.Builder createObservationContextBuilder(String operation) {
        return VectorStoreObservationContext.builder(SYSTEM, operation)
                .collectionName(table.space())
                .dimensions(table.dimension())
                .similarityMetric("cosine");
    }

    /** The table, as {@link VectorTable}. */
    @Override
    @SuppressWarnings("unchecked") // as Spring AI's own stores do it
    public <T> Optional<T> getNativeClient() {
        return Optional.of((T) table);
    }

    /** The settings of a store. */
    public static final class Builder extends AbstractVectorStoreBuilder<Builder> {

        private final VectorTable table;

        private Builder(VectorTable table, EmbeddingModel embeddingModel) {
            super(embeddingModel);
            this.table = Objects.requireNonNull(table);
        }

        @Override
        public SpaceVectorStore build() {
            return new SpaceVectorStore(this);
        }
    }
}
