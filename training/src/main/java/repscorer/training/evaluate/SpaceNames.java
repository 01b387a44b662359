package repscorer.training.evaluate;

import repscorer.core.entity.EntityKind;

/** What the spaces of a trained release are called. */
public final class SpaceNames {

    public static final String TWHIN_MODEL = "twhin";
    public static final String SIMCLUSTERS_MODEL = "simclusters";
    public static final String HISTORY_MODEL = "history";

    /** The vectors θ_r of relations. */
    public static final String TWHIN_RELATION = "twhin-relation";

    /** Properties of TwHIN's files: the plan's operator and comparator, in the plan's words. */
    public static final String OPERATOR = "operator";

    public static final String COMPARATOR = "comparator";

    /** Ends the id of the vector that a relation has for the way from tail to head, where it has one of its own. */
    public static final String INVERSE = "^-1";

    /** What users are interested in. */
    public static final String INTEREST = "simclusters-interest";

    /** What producers' followers are interested in. */
    public static final String PRODUCER = "simclusters-producer";

    /** The community each producer is known for, and how much. */
    public static final String KNOWN_FOR = "simclusters-known-for";

    /** How many follow each producer in each community. */
    public static final String POPULARITY = "simclusters-popularity";

    /** The model whose columns are the entities that follow each other. */
    public static final String SOCIAL_MODEL = "social";

    /** Each entity alone. */
    public static final String SOCIAL_SELF = "social-self";

    /** Whom each follows. */
    public static final String FOLLOWEES = "social-followees";

    /** Who follows each. */
    public static final String FOLLOWERS = "social-followers";

    /** The kind whose entities are interests. */
    public static final EntityKind INTEREST_KIND = new EntityKind("interest");

    /** The model of names and texts, which nobody learnt. */
    public static final String TEXT_MODEL = "text";

    /** The model of rows that nobody learnt: what entities are about, whose they are, what they are worth. */
    public static final String ATTRIBUTES_MODEL = "attributes";

    private SpaceNames() {}

    public static String twhin(EntityKind kind) {
        return "twhin-" + kind.name();
    }

    public static String texts(EntityKind kind) {
        return "text-" + kind.name();
    }

    public static String items(EntityKind kind) {
        return "simclusters-" + kind.name();
    }

    public static String history(String relation) {
        return "history-" + relation;
    }

    /** The mixtures of a relation's heads, and the name of the model that their tails' shares belong to. */
    public static String interests(String relation) {
        return "interests-" + relation;
    }

    /** The share that each tail of a relation has of its interest. */
    public static String interestShares(String relation) {
        return interests(relation) + "-shares";
    }

    /** The centroids of a relation's interests, among the dense vectors. */
    public static String interestCentroids(String relation) {
        return "twhin-" + interests(relation);
    }
}
