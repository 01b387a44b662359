package repscorer.core.answer;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import repscorer.core.entity.EntityId;
import repscorer.core.query.EngagementQuery;

/**
 * The answer to an {@link EngagementQuery}: one entry per candidate, in the same order, duplicates kept.
 *
 * @param names of all features there are, in the plan's order
 * @param signals how many of the user's signals were read
 */
public record EngagementFeatures(List<String> names, int signals, List<Entry> entries, Provenance provenance) {

    public EngagementFeatures {
        names = List.copyOf(names);
        entries = List.copyOf(entries);
    }

    /**
     * One candidate.
     *
     * @param features by name; a feature that nothing speaks for is absent, which is not 0
     * @param missing why none can be there
     */
    public record Entry(EntityId id, Map<String, Double> features, Optional<MissingReason> missing) {

        public Entry {
            features = Map.copyOf(features);
        }
    }
}
