package repscorer.core.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.TermStates;
import org.apache.lucene.search.CollectionStatistics;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.TermStatistics;
import org.apache.lucene.search.similarities.Similarity.SimScorer;

/** What is asked of one index: words, and what each weighs in a corpus. Immutable, safe for concurrent use. */
public final class TextQuery {

    /** Distinct words of a query that count; whatever comes after them is left aside. */
    public static final int WORDS_MAX = 64;

    private final List<Word> words;
    private final CollectionStatistics corpus;

    TextQuery(List<Word> words, CollectionStatistics corpus) {
        this.words = List.copyOf(words);
        this.corpus = corpus;
    }

    /**
     * @param times it is asked
     * @param states where it is in the index; absent where no text there has it, and only texts beside the index can
     * @param statistics of the corpus; of a word that no text of it has, as if one had
     * @param documents texts of the corpus that have it
     */
    record Word(
            Term term,
            int times,
            Optional<TermStates> states,
            TermStatistics statistics,
            int documents,
            SimScorer scorer) {}

    List<Word> words() {
        return words;
    }

    /** Those that the index has. */
    List<Word> indexed() {
        List<Word> indexed = new ArrayList<>(words.size());
        for (Word word : words) {
            if (word.states.isPresent()) {
                indexed.add(word);
            }
        }
        return indexed;
    }

    /** One that weighs words as the corpus does. */
    IndexSearcher searcher(DirectoryReader reader) {
        IndexSearcher searcher = new Weighing(reader);
        searcher.setSimilarity(TextIndex.BM25);
        searcher.setQueryCache(null);
        return searcher;
    }

    private final class Weighing extends IndexSearcher {

        Weighing(DirectoryReader reader) {
            super(reader);
        }

        @Override
        public CollectionStatistics collectionStatistics(String field) {
            return corpus;
        }

        @Override
        public TermStatistics termStatistics(Term term, int docFreq, long totalTermFreq) {
            for (Word word : words) {
                if (word.term.equals(term)) {
                    return word.statistics;
                }
            }
            throw new IllegalStateException("a query asks its own words: " + term);
        }
    }
}
