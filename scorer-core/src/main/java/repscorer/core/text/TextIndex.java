package repscorer.core.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.LogDocMergePolicy;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.TermState;
import org.apache.lucene.index.TermStates;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.BulkScorer;
import org.apache.lucene.search.CollectionStatistics;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.LeafCollector;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopScoreDocCollector;
import org.apache.lucene.search.TopScoreDocCollectorManager;
import org.apache.lucene.search.Weight;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.search.similarities.Similarity.SimScorer;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.util.Bits;
import org.jspecify.annotations.Nullable;
import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SearchOptions;
import repscorer.ann.SearchStats;
import repscorer.ann.TopK;
import repscorer.core.embedding.TextLanguage;

/**
 * The texts of one base by their words, ranked by BM25: ordinals are rows of the base. In memory, immutable, safe for concurrent
 * use.
 */
public final class TextIndex {

    /*
     * BM25 [1] with k1 = 1.2 and b = 0.75, as Lucene has it (without the constant k1 + 1 above the fraction):
     *
     *   Σ over words w of the query: times(w) · ln(1 + (N − df + .5) / (df + .5)) · tf / (tf + k1 (1 − b + b · length / mean length))
     *
     * What words weigh is said by the query, which knows the corpus.
     *
     * One segment, filled in the order of rows and merged in their order, so that Lucene's numbers are ordinals. A query is made
     * of words that were cut out of its text; no parser is there to read anything else into it.
     *
     * Searches skip blocks that cannot come among the best; the exact scores of single rows go by the postings of the few words
     * that are asked, and never need the search.
     *
     * [1] S. Robertson, H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009.
     */

    static final String FIELD = "text";

    /** Between two looks at the clock. */
    private static final int ROWS_PER_LOOK = 1 << 20;

    private static final double WRITER_MEGABYTES = 64;

    static final BM25Similarity BM25 = new BM25Similarity();

    private final Words words;
    private final int count;
    private final DirectoryReader reader;
    private final @Nullable LeafReaderContext leaf; // null where there are no rows
    private final Optional<CollectionStatistics> statistics;
    private final Optional<Completion> completion;

    private TextIndex(
            Words words,
            int count,
            DirectoryReader reader,
            Optional<CollectionStatistics> statistics,
            Optional<Completion> completion) {
        this.completion = completion;
        this.words = words;
        this.count = count;
        this.reader = reader;
        List<LeafReaderContext> leaves = reader.leaves();
        this.leaf = leaves.isEmpty() ? null : leaves.getFirst();
        this.statistics = statistics;
    }

    /**
     * O(words of all texts).
     *
     * @param completed whether names are found by the beginnings of their words, too
     */
    public static TextIndex build(TextLanguage language, boolean completed, int count, IntFunction<String> texts) {
        Words words = Words.of(language);
        try {
            ByteBuffersDirectory directory = new ByteBuffersDirectory();
            write(directory, words, count, texts);
            DirectoryReader reader = DirectoryReader.open(directory);
            IndexSearcher searcher = new IndexSearcher(reader);
            return new TextIndex(
                    words,
                    count,
                    reader,
                    Optional.ofNullable(searcher.collectionStatistics(FIELD)),
                    completed ? Optional.of(Completion.of(count, texts)) : Optional.empty());
        } catch (IOException e) {
            throw new UncheckedIOException("an index in memory cannot fail", e);
        }
    }

    private static void write(ByteBuffersDirectory directory, Words words, int count, IntFunction<String> texts)
            throws IOException {
        IndexWriterConfig config = new IndexWriterConfig(words.analyzer())
                .setSimilarity(BM25)
                .setRAMBufferSizeMB(WRITER_MEGABYTES)
                .setMergePolicy(new LogDocMergePolicy())
                .setMergeScheduler(new SerialMergeScheduler());
        FieldType type = new FieldType();
        type.setIndexOptions(IndexOptions.DOCS_AND_FREQS);
        type.setTokenized(true);
        type.freeze();
        try (IndexWriter writer = new IndexWriter(directory, config)) {
            Field field = new Field(FIELD, "", type);
            Document document = new Document();
            document.add(field);
            for (int row = 0; row < count; row++) {
                field.setStringValue(Words.folded(texts.apply(row)));
                writer.addDocument(document);
            }
            writer.forceMerge(1);
            writer.commit();
        }
    }

    public int count() {
        return count;
    }

    Words words() {
        return words;
    }

    /** Empty where no text has a word. */
    Optional<CollectionStatistics> statistics() {
        return statistics;
    }

    /** Where a word is; empty where no text has it. */
    Optional<TermStates> find(Term term) throws IOException {
        if (leaf == null) {
            return Optional.empty();
        }
        TermsEnum at = Terms.getTerms(leaf.reader(), FIELD).iterator();
        return at.seekExact(term.bytes())
                ? Optional.of(
                        new TermStates(reader.getContext(), at.termState(), leaf.ord, at.docFreq(), at.totalTermFreq()))
                : Optional.empty();
    }

    /**
     * The best k rows that share a word with the query, ties by ascending ordinal.
     *
     * @param deadlineNanos in terms of {@link System#nanoTime}
     */
    public Neighbors search(TextQuery query, int k, float scoreMin, OrdinalFilter filter, long deadlineNanos) {
        TopK best = new TopK(k);
        List<TextQuery.Word> words = query.indexed();
        if (words.isEmpty()) {
            return best.drain(new SearchStats(SearchStats.Plan.EXACT, 0, 0));
        }
        try {
            return best.drain(
                    isFew(words)
                            ? new SearchStats(SearchStats.Plan.EXACT, few(words).offer(scoreMin, filter, best), 0)
                            : skipping(query, words, k, scoreMin, filter, deadlineNanos, best));
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private static boolean isFew(List<TextQuery.Word> words) {
        long rows = 0;
        for (TextQuery.Word word : words) {
            rows += word.states().orElseThrow().docFreq();
        }
        return words.size() <= FewPostings.WORDS_MAX && rows <= FewPostings.ROWS_MAX;
    }

    private FewPostings few(List<TextQuery.Word> words) throws IOException {
        PostingsEnum[] postings = new PostingsEnum[words.size()];
        SimScorer[] scorers = new SimScorer[postings.length];
        for (int i = 0; i < postings.length; i++) {
            postings[i] = postings(words.get(i));
            scorers[i] = words.get(i).scorer();
        }
        return new FewPostings(postings, scorers, leaf().reader().getNormValues(FIELD));
    }

    /** By Lucene, which leaves out blocks of rows that cannot come among the best. */
    private SearchStats skipping(
            TextQuery query,
            List<TextQuery.Word> words,
            int k,
            float scoreMin,
            OrdinalFilter filter,
            long deadlineNanos,
            TopK best)
            throws IOException {
        IndexSearcher searcher = query.searcher(reader);
        Weight weight = searcher.createWeight(searcher.rewrite(lucene(words)), ScoreMode.TOP_SCORES, 1);
        BulkScorer scorer = weight.bulkScorer(leaf());
        if (scorer == null) {
            return new SearchStats(SearchStats.Plan.EXACT, 0, 0);
        }
        TopScoreDocCollector collector = new TopScoreDocCollectorManager(Math.min(k, count), k).newCollector();
        collector.setWeight(weight);
        LeafCollector rows = collector.getLeafCollector(leaf());
        Bits accepted = filter.equals(OrdinalFilter.ALL) ? null : new Accepted(filter, count);
        SearchStats.End end = SearchStats.End.DONE;
        for (int from = 0; from < count; ) {
            if (from > 0 && SearchOptions.isOver(deadlineNanos)) {
                end = SearchStats.End.DEADLINE;
                break;
            }
            int to = (int) Math.min(count, (long) from + ROWS_PER_LOOK);
            from = Math.max(to, scorer.score(rows, accepted, from, to)); // or beyond all rows
        }
        TopDocs found = collector.topDocs(); // drains the collector
        for (ScoreDoc each : found.scoreDocs) {
            offer(best, each, scoreMin);
        }
        return new SearchStats(SearchStats.Plan.EXACT, found.totalHits.value(), 0).ended(end);
    }

    private static void offer(TopK best, ScoreDoc each, float scoreMin) {
        if (each.score >= scoreMin) {
            best.offer(each.doc, each.score);
        }
    }

    private static Query lucene(List<TextQuery.Word> words) {
        BooleanQuery.Builder any = new BooleanQuery.Builder();
        for (TextQuery.Word word : words) {
            any.add(
                    new BoostQuery(new TermQuery(word.term(), word.states().orElseThrow()), word.times()),
                    Occur.SHOULD);
        }
        return any.build();
    }

    /**
     * The exact scores of rows; 0 where a row shares no word with the query, and NaN for -1.
     *
     * @param ordinals in any order
     * @param into takes {@code n} scores
     */
    public void scores(TextQuery query, int[] ordinals, int n, double[] into) {
        long[] ascending = new long[n]; // ordinal and place
        for (int i = 0; i < n; i++) {
            ascending[i] = (long) ordinals[i] << 32 | i;
            into[i] = ordinals[i] < 0 ? Double.NaN : 0;
        }
        Arrays.sort(ascending);
        for (TextQuery.Word word : query.indexed()) {
            add(word, ascending, into);
        }
    }

    private void add(TextQuery.Word word, long[] ascending, double[] into) {
        try {
            PostingsEnum postings = postings(word);
            NumericDocValues norms = leaf().reader().getNormValues(FIELD);
            for (long each : ascending) {
                int ordinal = (int) (each >> 32);
                if (ordinal > postings.docID()) {
                    postings.advance(ordinal);
                }
                if (ordinal >= 0 && postings.docID() == ordinal) {
                    long norm = norms.advanceExact(ordinal) ? norms.longValue() : 1;
                    into[(int) each] += word.scorer().score(postings.freq(), norm);
                }
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private PostingsEnum postings(TextQuery.Word word) throws IOException {
        Terms terms = Terms.getTerms(leaf().reader(), FIELD);
        TermsEnum at = terms.iterator();
        TermState state = word.states().orElseThrow().get(leaf()).get();
        at.seekExact(word.term().bytes(), state);
        return at.postings(null, PostingsEnum.FREQS);
    }

    private LeafReaderContext leaf() {
        if (leaf == null) {
            throw new IllegalStateException("an index without rows has no words");
        }
        return leaf;
    }

    /** What each word adds to a row's score, greatest first. */
    public List<TermPart> parts(TextQuery query, int ordinal) {
        List<TermPart> parts = new ArrayList<>();
        try {
            for (TextQuery.Word word : query.indexed()) {
                PostingsEnum postings = postings(word);
                if (postings.advance(ordinal) == ordinal) {
                    NumericDocValues norms = leaf().reader().getNormValues(FIELD);
                    long norm = norms.advanceExact(ordinal) ? norms.longValue() : 1;
                    parts.add(part(word, postings.freq(), norm));
                }
            }
        } catch (IOException e) {
            throw failed(e);
        }
        return sorted(parts);
    }

    private static TermPart part(TextQuery.Word word, int times, long norm) {
        return new TermPart(
                word.term().text(), times, word.documents(), word.scorer().score(times, norm));
    }

    private static List<TermPart> sorted(List<TermPart> parts) {
        parts.sort(Comparator.comparingDouble(TermPart::part).reversed().thenComparing(TermPart::term));
        return List.copyOf(parts);
    }

    /** A text that is not of the base, to be held against queries by the base's statistics. */
    public AnalysedText analyse(String text) {
        return new AnalysedText(
                words.counts(text, Integer.MAX_VALUE), completion.isPresent() ? Names.folded(text) : "");
    }

    /** The names of the base by the beginnings of their words; empty where they are no names. */
    public Optional<Completion> completion() {
        return completion;
    }

    /** How a text that is not of the base meets a prefix, by the rules of {@link Completion}. */
    public Optional<Completion.Match> completed(int ordinal, AnalysedText text, String prefix) {
        return Names.match(ordinal, text.name(), Names.prefix(prefix));
    }

    /** As if the text were a row, without changing what words weigh. O(words of the query). */
    public double score(TextQuery query, AnalysedText text) {
        double score = 0;
        for (TextQuery.Word word : query.words()) {
            int times = text.count(word.term().text());
            score += times == 0 ? 0 : word.scorer().score(times, text.norm());
        }
        return score;
    }

    /** What each word adds to a text's score, greatest first. */
    public List<TermPart> parts(TextQuery query, AnalysedText text) {
        List<TermPart> parts = new ArrayList<>();
        for (TextQuery.Word word : query.words()) {
            int times = text.count(word.term().text());
            if (times > 0) {
                parts.add(part(word, times, text.norm()));
            }
        }
        return sorted(parts);
    }

    static UncheckedIOException failed(IOException e) {
        return new UncheckedIOException("an index in memory cannot fail", e);
    }

    private record Accepted(OrdinalFilter filter, int length) implements Bits {

        @Override
        public boolean get(int index) {
            return filter.accepts(index);
        }
    }
}
