package repscorer.core.store;

/** Told how a publication goes on. Called from the publishing thread; must return quickly. */
@FunctionalInterface
public interface PublicationListener {

    PublicationListener NONE = (step, done, total) -> {};

    /** @param step in words, such as {@code "index twhin-user"} */
    void progress(String step, long done, long total);
}
