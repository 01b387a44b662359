package repscorer.core.drift;

import java.util.List;
import java.util.Optional;
import repscorer.core.embedding.Space;
import repscorer.core.entity.EntityId;

/**
 * How one space differs between two releases.
 *
 * @param versionA the checksum of the first release's file, and how many changes were streamed into it
 * @param shared ids that both releases have, counted whole, as are the ids that one has alone
 * @param drawn how many of them were looked at
 * @param trainingA what the rows of the first release were learnt by, where the file names it
 * @param rows whether the rows themselves can be compared
 */
public record SpaceDrift(
        Space space,
        String versionA,
        String versionB,
        int shared,
        int onlyA,
        int onlyB,
        int drawn,
        Optional<String> trainingA,
        Optional<String> trainingB,
        Rows rows,
        Optional<Dense> dense,
        Optional<Sparse> sparse,
        Optional<Neighbors> neighbors) {

    /** Whether the rows of two releases mean something beside each other. */
    public enum Rows {
        /** One training made both. */
        SAME_TRAINING,
        /** Columns are entities, such as whom a user follows, or rows are texts: they are the same whatever was learnt. */
        ENTITIES,
        /** A file names no training: who knows that one made both may read the figures so. */
        UNKNOWN_TRAINING,
        /**
         * Two trainings: each has coordinates or clusters of its own, unless the second one began with the first. Between them
         * cosines, distances and churn say nothing; neighbours do.
         */
        OTHER_TRAINING,
        /** Another dimension or form: there is no distance at all. */
        INCOMPARABLE
    }

    /**
     * Of dense rows.
     *
     * @param cosine of both rows of an id; absent where rows are incomparable
     * @param l2 their distance; absent where rows are incomparable
     * @param normRatio the second row's norm by the first one's
     */
    public record Dense(
            Optional<Distribution> cosine,
            Optional<Distribution> l2,
            Optional<Distribution> normA,
            Optional<Distribution> normB,
            Optional<Distribution> normRatio) {}

    /**
     * Of sparse rows. Clusters are the same where their ids are, whatever their columns.
     *
     * @param greatestChanged the share of drawn ids whose greatest cluster is another; empty where no row has one
     * @param jaccard shared clusters by all clusters of both rows
     * @param chance its mean where each row is held against that of another id; empty where no row has a cluster
     * @param l1 the sum of the differences of all weights
     * @param weightRatio the sum of the second row's weights by that of the first
     * @param labelsMoved the share of ids with any label whose set of labels is another; empty where no cluster has a label
     * @param relabelled clusters of both releases whose label is another
     * @param moved some of the ids whose greatest cluster is another
     */
    public record Sparse(
            Optional<Double> greatestChanged,
            Optional<Distribution> jaccard,
            Optional<Double> chance,
            Optional<Distribution> l1,
            Optional<Distribution> weightRatio,
            Optional<Double> labelsMoved,
            int relabelled,
            List<Moved> moved) {

        public Sparse {
            moved = List.copyOf(moved);
        }
    }

    /** An id and its greatest cluster in both releases, with its label where it has one. */
    public record Moved(EntityId id, String from, String to) {}

    /**
     * The nearest rows of drawn ids, each within its own release, by the space's metric or the cosine of sparse rows.
     *
     * @param drawn how many ids' neighbours were sought
     * @param exact whether every row was looked at, or an index was asked
     * @param lists for each k
     * @param chance the mean overlap of the first of these fronts where each is held against that of another id
     */
    public record Neighbors(int drawn, boolean exact, List<ListDrift> lists, double chance) {

        public Neighbors {
            lists = List.copyOf(lists);
        }
    }
}
