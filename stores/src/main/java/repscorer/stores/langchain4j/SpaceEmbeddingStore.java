package repscorer.stores.langchain4j;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.EmbeddingMatch;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.EmbeddingSearchResult;
import dev.langchain4j.store.embedding.EmbeddingStore;
import dev.langchain4j.store.embedding.filter.Filter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import repscorer.stores.Segment;
import repscorer.stores.VectorTable;
import repscorer.stores.VectorTable.Hit;
import repscorer.stores.VectorTable.Row;

/**
 * Text segments by their embeddings in a space. A match's score is (cosine + 1) / 2, as LangChain4j has it. Safe for concurrent use.
 *
 * <p>Matches have their embeddings, which takes a second request and a key that may read vectors; {@link #withoutEmbeddings} takes neither.
 */
public final class SpaceEmbeddingStore implements EmbeddingStore<TextSegment> {

    /** By so much a cosine may be off that was once a score: the search asks for it, and scores decide. */
    private static final double ROUNDING = 1e-9;

    private final VectorTable table;
    private final boolean embeddings;

    /** Over a table, whose segments hold text and metadata. */
    public SpaceEmbeddingStore(VectorTable table) {
        this(table, true);
    }

    private SpaceEmbeddingStore(VectorTable table, boolean embeddings) {
        this.table = table;
        this.embeddings = embeddings;
    }

    /** The same with matches that have no embeddings. */
    public SpaceEmbeddingStore withoutEmbeddings() {
        return new SpaceEmbeddingStore(table, false);
    }

    @Override
    public String add(Embedding embedding) {
        return addAll(List.of(embedding)).getFirst();
    }

    @Override
    public void add(String id, Embedding embedding) {
        table.put(List.of(new Row(id, embedding.vector(), Segment.NONE)));
    }

    @Override
    public String add(Embedding embedding, TextSegment segment) {
        return addAll(List.of(embedding), List.of(segment)).getFirst();
    }

    @Override
    public List<String> addAll(List<Embedding> added) {
        List<String> ids = generateIds(added.size());
        addAll(ids, added, null);
        return ids;
    }

    @Override
    public List<String> generateIds(int count) {
        List<String> ids = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ids.add(UUID.randomUUID().toString());
        }
        return ids;
    }

    /** @param added segments, as many as embeddings; null for embeddings alone, as LangChain4j calls it */
    @Override
    public void addAll(List<String> ids, List<Embedding> vectors, @Nullable List<TextSegment> added) {
        if (ids.size() != vectors.size() || (added != null && added.size() != vectors.size())) {
            throw new IllegalArgumentException("ids, embeddings and segments are as many: %s, %s, %s"
                    .formatted(ids.size(), vectors.size(), added == null ? "none" : added.size()));
        }
        List<Row> rows = new ArrayList<>(ids.size());
        for (int i = 0; i < ids.size(); i++) {
            @Nullable TextSegment segment = added == null ? null : added.get(i);
            rows.add(new Row(ids.get(i), vectors.get(i).vector(), of(segment)));
        }
        table.put(rows);
    }

    private static Segment of(@Nullable TextSegment segment) {
        return segment == null
                ? Segment.NONE
                : new Segment(Optional.of(segment.text()), segment.metadata().toMap());
    }

    @Override
    public void remove(String id) {
        if (id == null || id.isBlank()) {
            throw new IllegalArgumentException("id cannot be null or blank");
        }
        table.remove(List.of(id));
    }

    @Override
    public void removeAll(Collection<String> ids) {
        if (ids == null || ids.isEmpty()) {
            throw new IllegalArgumentException("ids cannot be null or empty");
        }
        table.remove(ids);
    }

    @Override
    public void removeAll(Filter filter) {
        if (filter == null) {
            throw new IllegalArgumentException("filter cannot be null");
        }
        table.removeIf(met(filter));
    }

    /** Takes away what was added by stores over these segments. What others put into the space stays. */
    @Override
    public void removeAll() {
        table.removeIf(any -> true);
    }

    private static Predicate<Segment> met(Filter filter) {
        return segment -> filter.test(new Metadata(segment.metadata()));
    }

    @Override
    public EmbeddingSearchResult<TextSegment> search(EmbeddingSearchRequest request) {
        List<Hit> hits = table
                .search(
                        request.queryEmbedding().vector(),
                        request.maxResults(),
                        2 * request.minScore() - 1 - ROUNDING,
                        Optional.ofNullable(request.filter()).map(SpaceEmbeddingStore::met))
                .stream()
                .filter(hit -> score(hit) >= request.minScore())
                .toList();
        Map<String, float[]> vectors =
                embeddings ? table.vectors(hits.stream().map(Hit::id).toList()) : Map.of();
        return new EmbeddingSearchResult<>(hits.stream()
                .map(hit -> new EmbeddingMatch<>(
                        score(hit), hit.id(), embedding(vectors.get(hit.id())), text(hit.segment())))
                .toList());
    }

    private static double score(Hit hit) {
        return (hit.cosine() + 1) / 2;
    }

    private static @Nullable Embedding embedding(float @Nullable [] vector) {
        return vector == null ? null : new Embedding(vector);
    }

    /** None of an embedding that was added alone: LangChain4j has null for it. */
    private static @Nullable TextSegment text(Optional<Segment> segment) {
        return segment.filter(kept -> kept.text().isPresent())
                .map(kept -> TextSegment.from(kept.text().orElseThrow(), new Metadata(kept.metadata())))
                .orElse(null);
    }
}
