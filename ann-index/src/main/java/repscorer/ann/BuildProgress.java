package repscorer.ann;

/** Told how far a build has come. Called from the building threads, so it must be quick and safe for concurrent use. */
@FunctionalInterface
public interface BuildProgress {

    BuildProgress NONE = (done, total) -> {};

    void report(int done, int total);
}
