package repscorer.core.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import repscorer.testing.Seeds;

/** Completion beside one that compares every name with every prefix that is one error away. */
class CompletionTest {

    private static final String LETTERS = "abcd";

    private final RandomGenerator random = Seeds.random("CompletionTest");

    private String word(int lengthMax) {
        StringBuilder word = new StringBuilder();
        for (int i = 1 + random.nextInt(lengthMax); i > 0; i--) {
            word.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return word.toString();
    }

    private List<String> names(int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<String> words = new ArrayList<>();
            for (int w = random.nextInt(4); w > 0; w--) {
                words.add(word(6));
            }
            names.add(String.join(" ", words));
        }
        return names;
    }

    /** Every text that one error makes of a prefix, in letters that names have. */
    private static Set<String> withError(String prefix) {
        Set<String> all = new HashSet<>();
        for (int i = 0; i <= prefix.length(); i++) {
            String before = prefix.substring(0, i);
            String after = prefix.substring(i);
            for (char letter : (LETTERS + " ").toCharArray()) {
                if (!after.isEmpty()) {
                    all.add(before + letter + after); // at the end it is no error but the next letter
                    all.add(before + letter + after.substring(1));
                }
            }
            if (!after.isEmpty()) {
                all.add(before + after.substring(1));
            }
            if (after.length() > 1) {
                all.add(before + after.charAt(1) + after.charAt(0) + after.substring(2));
            }
        }
        return all;
    }

    private static List<Completion.Match> expected(List<String> names, String prefix, int n) {
        List<Completion.Match> matches = new ArrayList<>();
        for (int ordinal = 0; ordinal < names.size(); ordinal++) {
            String name = names.get(ordinal);
            Completion.Match best = null;
            for (int errors = 0; errors < (prefix.length() < 3 ? 1 : 2) && best == null; errors++) {
                for (int start = 0; start < name.length() && best == null; start++) {
                    String rest = name.substring(start);
                    boolean begins = start == 0 || name.charAt(start - 1) == ' ';
                    boolean meets = errors == 0
                            ? rest.startsWith(prefix)
                            : withError(prefix).stream().anyMatch(rest::startsWith);
                    if (begins && meets) {
                        best = new Completion.Match(ordinal, errors, start > 0, name.length());
                    }
                }
            }
            if (best != null) {
                matches.add(best);
            }
        }
        matches.sort(Comparator.comparingInt(Completion.Match::errors)
                .thenComparing(Completion.Match::inner)
                .thenComparingInt(Completion.Match::length)
                .thenComparingInt(Completion.Match::ordinal));
        return matches.subList(0, Math.min(n, matches.size()));
    }

    @Test
    void theBestNamesAreThoseThatAreFoundOneByOne() {
        for (int trial = 0; trial < 30; trial++) {
            List<String> names = names(1 + random.nextInt(200));
            Completion completion = Completion.of(names.size(), names::get);
            for (int i = 0; i < 20; i++) {
                String prefix = random.nextInt(4) == 0 ? word(3) + " " + word(2) : word(6);
                int n = 1 + random.nextInt(30);
                assertThat(completion.complete(prefix, n, row -> true))
                        .as("%s among %s", prefix, names)
                        .isEqualTo(expected(names, prefix, n));
            }
        }
    }

    @Test
    void aNameThatNoIndexHoldsIsMetByTheSameRules() {
        for (int trial = 0; trial < 2_000; trial++) {
            String name = names(1).getFirst();
            String prefix = word(6);
            assertThat(Names.match(0, name, prefix).stream().toList())
                    .as("%s by %s", name, prefix)
                    .isEqualTo(expected(List.of(name), prefix, 1));
        }
    }

    @Test
    void rowsThatAreNotWantedMakeRoomForOthers() {
        List<String> names = names(100);
        Completion completion = Completion.of(names.size(), names::get);
        List<Completion.Match> all = completion.complete("a", 100, row -> true);
        List<Completion.Match> odd = completion.complete("a", 10, row -> row % 2 == 1);

        assertThat(odd)
                .isEqualTo(all.stream()
                        .filter(match -> match.ordinal() % 2 == 1)
                        .limit(10)
                        .toList());
    }

    @Test
    void marksCaseAndAccentsMakeNoDifference() {
        List<String> names = List.of("@Zoë_Brontë2", "  «L’Été» ", "Große Straße", "\uff21\uff22", "", "🎷 sax");
        Completion completion = Completion.of(names.size(), names::get);

        assertThat(completion.complete("zoe bronte2", 3, row -> true))
                .extracting(Completion.Match::ordinal)
                .containsExactly(0);
        assertThat(completion.complete("ETE", 3, row -> true))
                .extracting(Completion.Match::ordinal)
                .containsExactly(1);
        assertThat(completion.complete("strasse", 3, row -> true))
                .extracting(Completion.Match::ordinal)
                .containsExactly(2);
        assertThat(completion.complete("ab", 3, row -> true))
                .extracting(Completion.Match::ordinal)
                .containsExactly(3);
        assertThat(completion.complete("🎷", 3, row -> true))
                .extracting(Completion.Match::ordinal)
                .containsExactly(5);
        assertThat(completion.complete("…", 3, row -> true)).isEmpty();
    }
}
