package repscorer.core.text;

import java.util.Map;
import org.apache.lucene.util.SmallFloat;

/** A text as words, which is compared with queries without an index of its own. Immutable, safe for concurrent use. */
public final class AnalysedText {

    private final Map<String, Integer> counts;
    private final long norm;
    private final String name;

    /** @param name as it is completed; empty where it is not */
    AnalysedText(Map<String, Integer> counts, String name) {
        this.counts = counts;
        this.name = name;
        // As the index keeps lengths: exact up to 40 words, a step of an eighth or so beyond.
        this.norm = SmallFloat.intToByte4(
                counts.values().stream().mapToInt(Integer::intValue).sum());
    }

    int count(String word) {
        return counts.getOrDefault(word, 0);
    }

    String name() {
        return name;
    }

    long norm() {
        return norm;
    }
}
