package repscorer.stores;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Where the segments of a {@link VectorTable} are, by id. A service keeps vectors alone; a program that has a database already keeps
 * segments there, others in {@linkplain MemorySegments memory} or in {@linkplain FileSegments a file}. Implementations are safe for
 * concurrent use.
 */
public interface SegmentStore {

    /** Keeps segments; one of an id that is there takes its place. Durable as far as the store is, when it returns. */
    void put(Map<String, Segment> segments);

    /** Those that are there. */
    Map<String, Segment> get(Collection<String> ids);

    /** Forgets segments; ids that are not there are passed over. */
    void remove(Collection<String> ids);

    /**
     * The ids of segments that meet a filter, in any order.
     *
     * @param max so many at most; which of them is left open where more do
     */
    List<String> ids(Predicate<Segment> filter, int max);
}
