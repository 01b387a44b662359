package repscorer.core.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SearchOptions;
import repscorer.core.embedding.TextLanguage;
import repscorer.testing.Seeds;

/** The index beside a BM25 that goes through all texts. */
class TextIndexTest {

    private final RandomGenerator random = Seeds.random("TextIndexTest");

    private static Neighbors search(TextIndex index, String text, int k, OrdinalFilter filter) {
        TextQuery query = TextCorpus.of(List.of(index)).query(index, text);
        return index.search(query, k, 0, filter, SearchOptions.NO_DEADLINE);
    }

    /** Of single words between spaces; 0 where none is shared. */
    private static double[] oracle(List<List<String>> texts, int rows, long words, String... query) {
        double[] scores = new double[texts.size()];
        for (String word : query) {
            double df = texts.stream().filter(text -> text.contains(word)).count();
            for (int row = 0; row < scores.length; row++) {
                double tf = texts.get(row).stream().filter(word::equals).count();
                double length = 1.2 * (0.25 + 0.75 * texts.get(row).size() * rows / words);
                scores[row] += Math.log(1 + (rows - df + 0.5) / (df + 0.5)) * tf / (tf + length);
            }
        }
        return scores;
    }

    private static double[] oracle(List<List<String>> texts, String... query) {
        return oracle(texts, texts.size(), texts.stream().mapToLong(List::size).sum(), query);
    }

    /** The first word is in nearly all texts, so that the search skips; the tenth in few. */
    private List<List<String>> texts(int count) {
        List<List<String>> texts = new ArrayList<>();
        for (int row = 0; row < count; row++) {
            List<String> words = new ArrayList<>();
            for (int i = 1 + random.nextInt(12); i > 0; i--) {
                words.add("w" + (int) (10 * Math.pow(random.nextDouble(), 4)));
            }
            texts.add(words);
        }
        return texts;
    }

    @Test
    void frequentWordsAndRareOnesAreRankedAsTheFormulaSays() {
        List<List<String>> texts = texts(25_000);
        TextIndex index =
                TextIndex.build(TextLanguage.ANY, false, texts.size(), row -> String.join(" ", texts.get(row)));
        BitSet odd = new BitSet();
        for (int row = 1; row < texts.size(); row += 2) {
            odd.set(row);
        }
        for (String[] query : new String[][] {{"w0", "w1"}, {"w9"}, {"w0", "w3", "w8"}, {"w7", "w9"}, {"w5", "none"}}) {
            double[] expected = oracle(texts, query);
            for (OrdinalFilter filter : List.of(OrdinalFilter.ALL, OrdinalFilter.allow(odd))) {
                int k = 50;
                Neighbors found = search(index, String.join(" ", query), k, filter);
                double[] best = Arrays.stream(rows(texts.size()))
                        .filter(filter::accepts)
                        .mapToDouble(row -> -expected[row])
                        .filter(score -> score < 0)
                        .sorted()
                        .limit(k)
                        .toArray();
                assertThat(found.size()).as("%s", List.of(query)).isEqualTo(best.length);
                for (int i = 0; i < best.length; i++) {
                    assertThat(filter.accepts(found.ordinals()[i])).isTrue();
                    assertThat((double) found.scores()[i])
                            .as("%s at %s", List.of(query), i)
                            .isCloseTo(-best[i], within(1e-5))
                            .isCloseTo(expected[found.ordinals()[i]], within(1e-5));
                }
            }
        }
    }

    private static int[] rows(int count) {
        int[] rows = new int[count];
        Arrays.setAll(rows, row -> row);
        return rows;
    }

    @Test
    void singleRowsHaveTheScoreThatTheSearchGivesAndOthersNoneOfIt() {
        List<List<String>> texts = texts(500);
        TextIndex index =
                TextIndex.build(TextLanguage.ANY, false, texts.size(), row -> String.join(" ", texts.get(row)));
        double[] expected = oracle(texts, "w2", "w4");
        int[] asked = {499, -1, 0, 17, 17, 3};
        double[] scores = new double[asked.length];
        index.scores(TextCorpus.of(List.of(index)).query(index, "w4 w2"), asked, asked.length, scores);

        for (int i = 0; i < asked.length; i++) {
            if (asked[i] < 0) {
                assertThat(scores[i]).isNaN();
            } else {
                assertThat(scores[i]).isCloseTo(expected[asked[i]], within(1e-5));
            }
        }
    }

    @Test
    void aWordWeighsInEachIndexWhatItWeighsInAllOfThem() {
        List<List<String>> many = texts(300);
        List<List<String>> few = texts(20);
        TextIndex a = TextIndex.build(TextLanguage.ANY, false, 300, row -> String.join(" ", many.get(row)));
        TextIndex b = TextIndex.build(TextLanguage.ANY, false, 20, row -> String.join(" ", few.get(row)));
        List<List<String>> both = new ArrayList<>(many);
        both.addAll(few);
        double[] expected = oracle(both, "w3", "w6");
        TextCorpus corpus = TextCorpus.of(List.of(a, b));
        double[] scores = new double[20];
        b.scores(corpus.query(b, "w3 w6"), rows(20), 20, scores);

        for (int row = 0; row < 20; row++) {
            assertThat(scores[row]).isCloseTo(expected[300 + row], within(1e-5));
        }
        Neighbors found = b.search(corpus.query(b, "w3 w6"), 5, 0, OrdinalFilter.ALL, SearchOptions.NO_DEADLINE);
        assertThat((double) found.scores()[0]).isCloseTo(expected[300 + found.ordinals()[0]], within(1e-5));
    }

    @Test
    void whatMayNotBeScoredSoLowIsLeftOutAndNothingIsFoundInNothing() {
        TextIndex index = TextIndex.build(TextLanguage.ANY, true, 2, row -> row == 0 ? "a b" : "a c");
        TextQuery query = TextCorpus.of(List.of(index)).query(index, "a b");
        double best = index.search(query, 9, 0, OrdinalFilter.ALL, SearchOptions.NO_DEADLINE)
                .scores()[0];

        assertThat(index.search(query, 9, (float) best, OrdinalFilter.ALL, SearchOptions.NO_DEADLINE)
                        .ordinals())
                .containsExactly(0);
        TextIndex empty = TextIndex.build(TextLanguage.ANY, true, 0, row -> "");
        assertThat(search(empty, "a", 3, OrdinalFilter.ALL).size()).isZero();
        assertThat(empty.completion().orElseThrow().complete("a", 3, row -> true))
                .isEmpty();
        TextIndex blank = TextIndex.build(TextLanguage.ANY, true, 3, row -> " … ");
        assertThat(search(blank, "a …", 3, OrdinalFilter.ALL).size()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "ENGLISH, running shoes, the shoe runs",
        "ENGLISH, résumés, resume",
        "GERMAN, die Häuser, haus",
        "FRENCH, les élèves, eleve",
        "SPANISH, canciones, cancion",
        "RUSSIAN, книги, книга",
        "TURKISH, KİTAPLAR, kitap",
        "CJK, 東京都庁, 東京",
        "HINDI, किताबें, किताब",
        "ARABIC, الكتاب, كتاب",
        "ANY, Ｊａｚｚ ﬁn, jazz fin",
        "ANY, @late_night, night",
        "ANY, soft\u00adware, software",
    })
    void wordsMeetWhatTheLanguageMakesOfThem(TextLanguage language, String text, String asked) {
        TextIndex index = TextIndex.build(language, false, 2, row -> row == 1 ? text : "zzz");

        assertThat(search(index, asked, 2, OrdinalFilter.ALL).ordinals()).containsExactly(1);
    }

    @Test
    void endingsStayWhereNoLanguageIsSaid() {
        TextIndex index = TextIndex.build(TextLanguage.ANY, false, 1, row -> "running");

        assertThat(search(index, "run", 1, OrdinalFilter.ALL).size()).isZero();
    }
}
