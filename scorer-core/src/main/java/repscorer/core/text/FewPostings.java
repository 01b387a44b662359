package repscorer.core.text;

import java.io.IOException;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.similarities.Similarity.SimScorer;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.TopK;

/**
 * Ranks all rows that have a word of few rows each: what a search saves by skipping is less there than what it takes to begin. For one
 * thread.
 */
final class FewPostings {

    /** Rows of all words together, up to which no search that skips is faster. */
    static final int ROWS_MAX = 20_000;

    /** With more words the least row is found too slowly. */
    static final int WORDS_MAX = 8;

    private final PostingsEnum[] postings;
    private final SimScorer[] scorers;
    private final NumericDocValues norms;
    private final int[] rows; // each word's next one

    FewPostings(PostingsEnum[] postings, SimScorer[] scorers, NumericDocValues norms) throws IOException {
        this.postings = postings;
        this.scorers = scorers;
        this.norms = norms;
        this.rows = new int[postings.length];
        for (int word = 0; word < rows.length; word++) {
            rows[word] = postings[word].nextDoc();
        }
    }

    /** @return how many rows were scored */
    long offer(float scoreMin, OrdinalFilter filter, TopK best) throws IOException {
        boolean all = filter.equals(OrdinalFilter.ALL);
        long scored = 0;
        for (int row = least(); row != DocIdSetIterator.NO_MORE_DOCS; row = least()) {
            if (all || filter.accepts(row)) {
                float score = (float) score(row);
                scored++;
                if (score >= scoreMin) {
                    best.offer(row, score);
                }
            }
            for (int word = 0; word < rows.length; word++) {
                if (rows[word] == row) {
                    rows[word] = postings[word].nextDoc();
                }
            }
        }
        return scored;
    }

    private int least() {
        int least = rows[0];
        for (int word = 1; word < rows.length; word++) {
            least = Math.min(least, rows[word]);
        }
        return least;
    }

    private double score(int row) throws IOException {
        long norm = norms.advanceExact(row) ? norms.longValue() : 1;
        double score = 0;
        for (int word = 0; word < rows.length; word++) {
            if (rows[word] == row) {
                score += scorers[word].score(postings[word].freq(), norm);
            }
        }
        return score;
    }
}
