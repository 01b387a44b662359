package repscorer.core.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.text.Normalizer;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.ar.ArabicAnalyzer;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.analysis.de.GermanAnalyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.es.SpanishAnalyzer;
import org.apache.lucene.analysis.fi.FinnishAnalyzer;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.analysis.hi.HindiAnalyzer;
import org.apache.lucene.analysis.it.ItalianAnalyzer;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.nl.DutchAnalyzer;
import org.apache.lucene.analysis.pt.PortugueseAnalyzer;
import org.apache.lucene.analysis.ru.RussianAnalyzer;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.analysis.sv.SwedishAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tr.TurkishAnalyzer;
import repscorer.core.embedding.TextLanguage;

/** How texts become words, the same way for those that are indexed and those that are asked. Safe for concurrent use. */
final class Words {

    /*
     * Accents go before words are stemmed, so that whoever types none meets the same stem. No words are left out: where all that
     * is asked are common ones, as in the name of a band, they are what is meant; BM25 weighs them down.
     */

    /** Accents that stand alone, of Latin, Greek and Cyrillic letters. */
    private static final char ACCENTS_FROM = 0x300;

    private static final char ACCENTS_TO = 0x36f;

    private static final int FOLDED_PER_CHAR_MAX = 4; // of ASCIIFoldingFilter

    private static final Map<TextLanguage, Words> BY_LANGUAGE = new EnumMap<>(TextLanguage.class);

    private final Analyzer analyzer;

    private Words(Analyzer analyzer) {
        this.analyzer = analyzer;
    }

    static synchronized Words of(TextLanguage language) {
        return BY_LANGUAGE.computeIfAbsent(language, each -> new Words(analyzer(each)));
    }

    private static Analyzer analyzer(TextLanguage language) {
        CharArraySet none = CharArraySet.EMPTY_SET;
        return switch (language) {
            case ANY -> new StandardAnalyzer(none);
            case ARABIC -> new ArabicAnalyzer(none);
            case CJK -> new CJKAnalyzer(none);
            case DUTCH -> new DutchAnalyzer(none);
            case ENGLISH -> new EnglishAnalyzer(none);
            case FINNISH -> new FinnishAnalyzer(none);
            case FRENCH -> new FrenchAnalyzer(none);
            case GERMAN -> new GermanAnalyzer(none);
            case HINDI -> new HindiAnalyzer(none);
            case ITALIAN -> new ItalianAnalyzer(none);
            case PORTUGUESE -> new PortugueseAnalyzer(none);
            case RUSSIAN -> new RussianAnalyzer(none);
            case SPANISH -> new SpanishAnalyzer(none);
            case SWEDISH -> new SwedishAnalyzer(none);
            case TURKISH -> new TurkishAnalyzer(none);
        };
    }

    /** Lower case, one form for what looks alike, no accents, and nothing that is not seen. */
    static String folded(String text) {
        String normal = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        normal = normal.replace('_', ' '); // as in handles; else it would tie words together
        boolean ascii = true;
        for (int i = 0; i < normal.length() && ascii; i++) {
            ascii = normal.charAt(i) < 128;
        }
        if (ascii) {
            return normal;
        }
        char[] seen = new char[normal.length()];
        int n = 0;
        for (int i = 0; i < seen.length; i++) {
            char c = normal.charAt(i);
            // Marks of direction and soft hyphens nobody sees; accents that no letter took in are accents all the same.
            if (Character.getType(c) != Character.FORMAT && (c < ACCENTS_FROM || c > ACCENTS_TO)) {
                seen[n++] = c;
            }
        }
        char[] folded = new char[FOLDED_PER_CHAR_MAX * n];
        int length = ASCIIFoldingFilter.foldToASCII(seen, 0, folded, 0, n);
        return new String(folded, 0, length);
    }

    Analyzer analyzer() {
        return analyzer;
    }

    /** Words by how often they are there, in the order in which they come first. */
    Map<String, Integer> counts(String text, int distinctMax) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        try (TokenStream tokens = analyzer.tokenStream(TextIndex.FIELD, folded(text))) {
            CharTermAttribute term = tokens.addAttribute(CharTermAttribute.class);
            tokens.reset();
            while (tokens.incrementToken()) {
                String word = term.toString();
                if (counts.size() < distinctMax || counts.containsKey(word)) {
                    counts.merge(word, 1, Integer::sum);
                }
            }
            tokens.end();
        } catch (IOException e) {
            throw new UncheckedIOException("a text in memory cannot fail", e);
        }
        return counts;
    }
}
