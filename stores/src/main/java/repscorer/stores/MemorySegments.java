package repscorer.stores;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** Segments in memory, which end with the program. A filter is held against each of them: O(n). Safe for concurrent use. */
public final class MemorySegments implements SegmentStore {

    private final Map<String, Segment> segments = new ConcurrentHashMap<>();

    @Override
    public void put(Map<String, Segment> more) {
        segments.putAll(more);
    }

    @Override
    public Map<String, Segment> get(Collection<String> ids) {
        Map<String, Segment> found = new HashMap<>();
        for (String id : ids) {
            Segment segment = segments.get(id);
            if (segment != null) {
                found.put(id, segment);
            }
        }
        return found;
    }

    @Override
    public void remove(Collection<String> ids) {
        ids.forEach(segments::remove);
    }

    @Override
    public List<String> ids(Predicate<Segment> filter, int max) {
        return segments.entrySet().stream()
                .filter(entry -> filter.test(entry.getValue()))
                .limit(max)
                .map(Map.Entry::getKey)
                .toList();
    }

    int size() {
        return segments.size();
    }

    Map<String, Segment> all() {
        return Map.copyOf(segments);
    }
}
