package repscorer.training.network;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was made.
 *
 * @param edges by relation
 */
public record NetworkSummary(int users, int tweets, int topics, Map<String, Integer> edges) {

    public NetworkSummary {
        edges = Collections.unmodifiableMap(new TreeMap<>(edges));
    }
}
