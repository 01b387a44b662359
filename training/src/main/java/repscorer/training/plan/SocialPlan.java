package repscorer.training.plan;

/**
 * How rows of a network's own links are made, of which nothing is learnt: who follows whom, as spaces to be compared.
 *
 * @param follow a relation within one kind
 * @param followersMax followers kept of one entity; those who follow the fewest say the most
 */
public record SocialPlan(String follow, int followersMax) {

    public static final SocialPlan DEFAULT = new SocialPlan("follow", 1_000);

    public SocialPlan {
        Rules.checkRange("followers-max", followersMax, 1, 1_000_000);
    }
}
