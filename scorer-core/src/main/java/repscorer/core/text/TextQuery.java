package repscorer.core.text;

import java.util.List;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.similarities.Similarity.SimScorer;

/** What is asked of one index: words, and what each weighs there. Immutable, safe for concurrent use. */
public final class TextQuery {

    /** Distinct words of a query that count; whatever comes after them is left aside. */
    public static final int WORDS_MAX = 64;

    private final List<Word> words;

    TextQuery(List<Word> words) {
        this.words = words;
    }

    /**
     * @param times it is asked
     * @param documents texts of the index that have it; 0 for a word that only texts beside the index can have
     */
    record Word(Term term, int times, int documents, SimScorer scorer) {

        boolean indexed() {
            return documents > 0;
        }
    }

    List<Word> words() {
        return words;
    }

    /** Whether it has no words. */
    public boolean isEmpty() {
        return words.isEmpty();
    }
}
