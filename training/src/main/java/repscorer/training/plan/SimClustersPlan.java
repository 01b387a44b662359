package repscorer.training.plan;

import java.time.Duration;
import java.util.Map;

/**
 * How sparse vectors over communities are learnt.
 *
 * @param follow the relation whose tails are producers, and by whose heads they resemble each other
 * @param followersMin how many followers a producer needs
 * @param followersSampledMax how many followers of one producer are looked at when neighbours are sought
 * @param followeesMax followers who follow more than this many tell little and are left out of that search
 * @param neighboursMax how many of the most similar producers each one is joined with
 * @param similarityMin the least cosine of follower sets that joins two producers
 * @param communities how many communities there are at the start; some dissolve
 * @param epochs passes over all producers when communities are refined
 * @param edgeWeight α, what the similarity inside a community counts next to its missing edges
 * @param interestHalfLife after which a follow counts half for its user's interests, where edges have times
 * @param socialProofMin how many followees of one community a user needs to be interested in it
 * @param interestClustersMax clusters kept per user
 * @param producerFollowersMin how many followers a producer needs to get a vector
 * @param producerClustersMax clusters kept per producer
 * @param producerCosineMin the least cosine of a producer's followers with a cluster that is kept
 * @param itemEngagementsMin how many engaged users an item needs to get a vector
 * @param itemClustersMax clusters kept per item
 * @param halfLife after which an engagement counts half, where edges have times
 * @param items relations that make vectors of their tails, and what an edge of each counts
 */
public record SimClustersPlan(
        String follow,
        int followersMin,
        int followersSampledMax,
        int followeesMax,
        int neighboursMax,
        double similarityMin,
        int communities,
        int epochs,
        double edgeWeight,
        Duration interestHalfLife,
        int socialProofMin,
        int interestClustersMax,
        int producerFollowersMin,
        int producerClustersMax,
        double producerCosineMin,
        int itemEngagementsMin,
        int itemClustersMax,
        Duration halfLife,
        Map<String, Double> items) {

    /** Constants of time, proof and size are the published ones; those that depend on how large a network is are for small ones. */
    public static final SimClustersPlan DEFAULT = new SimClustersPlan(
            "follow",
            3,
            2000,
            2000,
            50,
            0.03,
            1000,
            10,
            10,
            Duration.ofDays(100),
            2,
            50,
            1,
            60,
            0.01,
            1,
            50,
            Duration.ofHours(8),
            Map.of());

    public SimClustersPlan {
        items = Map.copyOf(items);
        Rules.checkRange("followers-min", followersMin, 1, Integer.MAX_VALUE);
        Rules.checkRange("followers-sampled-max", followersSampledMax, 1, Integer.MAX_VALUE);
        Rules.checkRange("followees-max", followeesMax, 1, Integer.MAX_VALUE);
        Rules.checkRange("neighbours-max", neighboursMax, 1, 10_000);
        Rules.checkRange("similarity-min", similarityMin, 0, 1);
        Rules.checkRange("communities", communities, 1, 10_000_000);
        Rules.checkRange("epochs", epochs, 1, 10_000);
        Rules.check(edgeWeight > 0, "edge-weight must be above 0: %s", edgeWeight);
        Rules.check(interestHalfLife.isPositive(), "interest-half-life must be above 0: %s", interestHalfLife);
        Rules.checkRange("social-proof-min", socialProofMin, 1, 1000);
        Rules.checkRange("interest-clusters-max", interestClustersMax, 1, 10_000);
        Rules.checkRange("producer-followers-min", producerFollowersMin, 1, Integer.MAX_VALUE);
        Rules.checkRange("producer-clusters-max", producerClustersMax, 1, 10_000);
        Rules.checkRange("producer-cosine-min", producerCosineMin, 0, 1);
        Rules.checkRange("item-engagements-min", itemEngagementsMin, 1, Integer.MAX_VALUE);
        Rules.checkRange("item-clusters-max", itemClustersMax, 1, 10_000);
        Rules.check(halfLife.isPositive(), "half-life must be above 0: %s", halfLife);
        items.forEach((relation, weight) ->
                Rules.check(weight > 0, "weight must be above 0: %s (items, relation %s)", weight, relation));
    }
}
