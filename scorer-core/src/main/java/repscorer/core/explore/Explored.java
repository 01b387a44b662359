package repscorer.core.explore;

/**
 * A list after chance.
 *
 * @param order places of candidates, in the order of their ranks
 * @param propensities by rank from 0, the probability that its candidate stood there given the ranks before; empty where no chance
 *     took part
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
public record Explored(int[] order, double[] propensities) {

    private static final double[] NONE = {};

    /** A list that chance left alone. */
    public static Explored asRanked(int[] order) {
        return new Explored(order, NONE);
    }

    /** The propensity of a rank from 0. */
    public double propensity(int rank) {
        return propensities.length == 0 ? 1 : propensities[rank];
    }
}
