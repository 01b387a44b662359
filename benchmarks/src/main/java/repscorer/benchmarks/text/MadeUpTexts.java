package repscorer.benchmarks.text;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Short texts and names of made-up words, as frequent as words are: the r-th in proportion to 1 / r. */
final class MadeUpTexts {

    private static final int VOCABULARY = 200_000;
    private static final int LENGTH_LEAST = 4;
    private static final int LENGTHS = 12;
    private static final String CONSONANTS = "bcdfghklmnprstvz";
    private static final String VOWELS = "aeiou";

    private final SplittableRandom random;
    private final String[] words = new String[VOCABULARY];
    private final double[] upTo = new double[VOCABULARY];

    MadeUpTexts(long seed) {
        random = new SplittableRandom(seed);
        double sum = 0;
        for (int rank = 0; rank < VOCABULARY; rank++) {
            words[rank] = word(rank);
            sum += 1.0 / (rank + 1);
            upTo[rank] = sum;
        }
    }

    /** Of three syllables or more, another one for each number. */
    private static String word(int number) {
        StringBuilder word = new StringBuilder();
        int left = number;
        int syllables = CONSONANTS.length() * VOWELS.length();
        for (int i = 0; i < 3 || left > 0; i++) {
            int syllable = (left * 31 + 7 * i) % syllables;
            left /= syllables;
            word.append(CONSONANTS.charAt(syllable / VOWELS.length()))
                    .append(VOWELS.charAt(syllable % VOWELS.length()));
        }
        return word.append(Integer.toString(number, 36)).toString();
    }

    /** The rank of a word, drawn by its frequency, among those that are rarer than so many others. */
    private int draw(int common) {
        double least = common == 0 ? 0 : upTo[common - 1];
        double drawn = least + random.nextDouble() * (upTo[VOCABULARY - 1] - least);
        int at = Arrays.binarySearch(upTo, drawn);
        return Math.min(VOCABULARY - 1, at < 0 ? -at - 1 : at + 1);
    }

    String text() {
        return words(LENGTH_LEAST + random.nextInt(LENGTHS), 0);
    }

    /** @param common so many of the most frequent words are never drawn */
    String words(int count, int common) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(words[draw(common)]).append(' ');
        }
        return text.toString();
    }

    /** What somebody types who means a name, in a third of cases with an error. */
    String typed(String name) {
        int from = random.nextInt(3) == 0 ? name.indexOf(' ') + 1 : 0;
        String prefix = name.substring(from, Math.min(name.length(), from + 1 + random.nextInt(10)));
        if (random.nextInt(3) > 0 || prefix.length() < 3) {
            return prefix;
        }
        int place = random.nextInt(prefix.length());
        return prefix.substring(0, place)
                + (char) ('a' + random.nextInt(26))
                + prefix.substring(Math.min(prefix.length(), place + random.nextInt(2)));
    }

    int nextInt(int bound) {
        return random.nextInt(bound);
    }
}
