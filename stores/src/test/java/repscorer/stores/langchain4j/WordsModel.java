package repscorer.stores.langchain4j;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import java.util.List;
import repscorer.stores.StoreService;
import repscorer.stores.Words;

/** {@link Words} as LangChain4j asks for them. */
public final class WordsModel implements EmbeddingModel {

    @Override
    public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
        return Response.from(segments.stream()
                .map(segment -> Embedding.from(Words.vector(segment.text())))
                .toList());
    }

    @Override
    public int dimension() {
        return StoreService.DIMENSION;
    }
}
