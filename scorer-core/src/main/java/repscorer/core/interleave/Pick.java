package repscorer.core.interleave;

/**
 * One place of an interleaved list.
 *
 * @param from the ranking, 0 or 1, that brought it: one that has it
 * @param rank of it in that ranking, from 0
 * @param team who is credited, 0 or 1; {@link #NEITHER}
 * @param credit what an outcome of it counts for its team; 0 for neither
 * @param propensity the probability that it stood at this place, given what stands before it
 */
public record Pick<T>(T thing, int from, int rank, int team, double credit, double propensity) {

    public static final int NEITHER = -1;
}
