package repscorer.core.recall;

import repscorer.ann.Neighbors;
import repscorer.ann.SearchOptions;
import repscorer.ann.SparseSearchOptions;
import repscorer.core.store.SpaceVersion;
import repscorer.vector.SparseVector;

/**
 * Told of each search that a request made. Returns at once; what it keeps, it keeps as it is: query and options are not changed
 * afterwards. Safe for concurrent use.
 */
public interface SearchListener {

    SearchListener NONE = new SearchListener() {
        @Override
        public void searched(
                Asked asked, SpaceVersion version, float[] query, SearchOptions options, Neighbors found) {}

        @Override
        public void searched(
                Asked asked, SpaceVersion version, SparseVector query, SparseSearchOptions options, Neighbors found) {}
    };

    void searched(Asked asked, SpaceVersion version, float[] query, SearchOptions options, Neighbors found);

    void searched(Asked asked, SpaceVersion version, SparseVector query, SparseSearchOptions options, Neighbors found);
}
