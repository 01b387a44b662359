package repscorer.core.answer;

/**
 * Over what the candidates of an answer were ranked.
 *
 * @param plan {@link #UNION} or {@link #ALL}
 * @param optimal whether no entity at all could have been answered with a higher score, under the statistics of the union
 * @param gap no entity that was not looked at scores more than the last of the best k and this; 0 where the answer is
 *     optimal, infinite where nothing is known
 * @param bounded how many entities were excluded or kept by bounds
 * @param exact how many of those were scored exactly
 */
public record Ranked(String plan, boolean optimal, double gap, long bounded, long exact) {

    /** The best of what the columns retrieved. */
    public static final String UNION = "union";

    /** The best of all entities, found by bounds, within a budget. */
    public static final String ALL = "all";

    public static final Ranked OF_UNION = new Ranked(UNION, false, Double.POSITIVE_INFINITY, 0, 0);
}
