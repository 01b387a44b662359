package repscorer.core.store;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import repscorer.core.embedding.Space;

/**
 * Keeps releases on disk and one of them live. Readers take {@link #current()}: one volatile read, no lock. Writers
 * (stage, publish, roll back) take turns.
 *
 * <p>Safe for concurrent use. A publication that fails for whatever reason leaves the live release as it was.
 */
public final class RepresentationStore implements AutoCloseable {

    private RepresentationStore() {}

    /**
     * Opens a store, creates its directory where it is missing, and brings the release that was live back.
     *
     * @throws repscorer.core.failure.ScorerException.Rejected when the live release's files are damaged and no older
     *     release can take its place
     */
    public static RepresentationStore open(Path directory, Collection<Space> spaces, StoreOptions options) {
        throw new UnsupportedOperationException();
    }

    /** The declared spaces, in the order of their names. */
    public List<Space> spaces() {
        throw new UnsupportedOperationException();
    }

    /** The declared space of a name. */
    public Optional<Space> space(String name) {
        throw new UnsupportedOperationException();
    }

    /** What is live now; {@link Snapshot#EMPTY} before the first publication. */
    public Snapshot current() {
        throw new UnsupportedOperationException();
    }

    /** The live or a kept release by name. */
    public Optional<Snapshot> snapshot(String release) {
        throw new UnsupportedOperationException();
    }

    /** Live, kept and rejected releases, newest first. */
    public List<Release> releases() {
        throw new UnsupportedOperationException();
    }

    /**
     * Takes one space's file of a release to come, checks it whole, and keeps it aside. Staging the same space again
     * replaces the file.
     *
     * @return the file's version (checksum)
     * @throws repscorer.core.failure.ScorerException.NotFound for an undeclared space
     * @throws repscorer.core.failure.ScorerException.Invalid for a bad release name or a body over the limit
     * @throws repscorer.core.failure.ScorerException.Rejected for a damaged file or one that does not fit the space
     *     (space, model, kind, form, dimension, entries per row)
     * @throws repscorer.core.failure.ScorerException.Storage when the disk is full
     */
    public String stage(String release, String space, InputStream body) {
        throw new UnsupportedOperationException();
    }

    /**
     * Builds the indexes of a staged release, checks them and puts it live in one step.
     *
     * <p>Publishing a release that exists with equal versions changes nothing and answers what is there.
     *
     * @throws repscorer.core.failure.ScorerException.NotFound when nothing is staged under the name
     * @throws repscorer.core.failure.ScorerException.Conflict when the name exists with other versions
     * @throws repscorer.core.failure.ScorerException.Rejected when a required space is missing, the spaces of a model
     *     disagree, or recall is under the space's floor
     */
    public Release publish(String release, PublicationListener listener) {
        throw new UnsupportedOperationException();
    }

    /**
     * Puts a kept release live again at once; nothing is rebuilt.
     *
     * @throws repscorer.core.failure.ScorerException.NotFound when it is not kept
     */
    public Release rollBack(String release) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
