package repscorer.stores.spring;

import java.util.List;
import java.util.stream.IntStream;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.Embedding;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingResponse;
import repscorer.stores.Words;

/** {@link Words} as Spring AI asks for them. */
public final class WordsEmbeddingModel implements EmbeddingModel {

    @Override
    public EmbeddingResponse call(EmbeddingRequest request) {
        List<String> texts = request.getInstructions();
        return new EmbeddingResponse(IntStream.range(0, texts.size())
                .mapToObj(i -> new Embedding(Words.vector(texts.get(i)), i))
                .toList());
    }

    @Override
    public float[] embed(Document document) {
        return Words.vector(String.valueOf(document.getText()));
    }
}
