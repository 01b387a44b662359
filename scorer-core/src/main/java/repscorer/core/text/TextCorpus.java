package repscorer.core.text;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.TermStates;
import org.apache.lucene.search.CollectionStatistics;
import org.apache.lucene.search.TermStatistics;

/**
 * Indexes whose scores are compared: a word weighs in each what it weighs in all of them together. Immutable, safe for concurrent
 * use.
 */
public final class TextCorpus {

    private final List<TextIndex> indexes;
    private final CollectionStatistics statistics;

    private TextCorpus(List<TextIndex> indexes, CollectionStatistics statistics) {
        this.indexes = indexes;
        this.statistics = statistics;
    }

    /** O(indexes). */
    public static TextCorpus of(Collection<TextIndex> indexes) {
        long rows = 0;
        long documents = 0;
        long words = 0;
        long distinct = 0;
        for (TextIndex index : indexes) {
            if (index.statistics().isPresent()) {
                CollectionStatistics each = index.statistics().get();
                rows += each.maxDoc();
                documents += each.docCount();
                words += each.sumTotalTermFreq();
                distinct += each.sumDocFreq();
            }
        }
        CollectionStatistics all = documents == 0
                ? new CollectionStatistics(TextIndex.FIELD, 1, 1, 1, 1) // for what is streamed into none
                : new CollectionStatistics(TextIndex.FIELD, rows, documents, words, distinct);
        return new TextCorpus(List.copyOf(indexes), all);
    }

    /** A text as a question to one of the indexes. Whatever it holds, it is words and nothing else. O(text + words · indexes). */
    public TextQuery query(TextIndex of, String text) {
        List<TextQuery.Word> words = new ArrayList<>();
        try {
            for (Map.Entry<String, Integer> each :
                    of.words().counts(text, TextQuery.WORDS_MAX).entrySet()) {
                words.add(word(of, new Term(TextIndex.FIELD, each.getKey()), each.getValue()));
            }
        } catch (IOException e) {
            throw TextIndex.failed(e);
        }
        return new TextQuery(words, statistics);
    }

    private TextQuery.Word word(TextIndex of, Term term, int times) throws IOException {
        int documents = 0;
        long occurrences = 0;
        Optional<TermStates> states = Optional.empty();
        for (TextIndex index : indexes) {
            Optional<TermStates> found = index.find(term);
            if (found.isPresent()) {
                documents += found.get().docFreq();
                occurrences += found.get().totalTermFreq();
                states = index == of ? found : states;
            }
        }
        TermStatistics weighed = new TermStatistics(term.bytes(), Math.max(1, documents), Math.max(1, occurrences));
        return new TextQuery.Word(
                term, times, states, weighed, documents, TextIndex.BM25.scorer(times, statistics, weighed));
    }
}
