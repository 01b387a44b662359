package repscorer.core.store;

import java.util.List;
import repscorer.core.store.Release.IndexCheck;
import repscorer.core.store.gate.Verdict;

/** Told how a publication goes on, and asked whether its release may go live. */
@FunctionalInterface
public interface PublicationListener {

    PublicationListener NONE = (step, done, total) -> {};

    /**
     * Called from the publishing thread; must return quickly.
     *
     * @param step in words, such as {@code "index twhin-user"}
     */
    void progress(String step, long done, long total);

    /**
     * Whether a release may go live that keeps every rule of the store. Called once for each publication, preparation and promotion,
     * by a thread that may compute.
     *
     * @param live what is live by now; empty where nothing is
     * @param next the release's own spaces, without those that are carried over
     * @param checks what was measured of its indexes
     */
    default Verdict judge(Snapshot live, Snapshot next, List<IndexCheck> checks) {
        return Verdict.NONE;
    }
}
