package repscorer.core.recall;

/** Told what searches missed, by the thread that answers them again. */
@FunctionalInterface
public interface MissListener {

    MissListener NONE = (asked, missed) -> {};

    /** @param missed share of the truly best that a search did not find, 0 to 1 */
    void missed(Asked asked, double missed);
}
