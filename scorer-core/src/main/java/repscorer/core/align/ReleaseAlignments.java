package repscorer.core.align;

import static java.lang.System.Logger.Level.WARNING;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.ScorerException.Conflict;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.failure.ScorerException.NotFound;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.Snapshot;
import repscorer.core.store.SpaceVersion;

/**
 * The alignments that are kept with releases of a store, and what becomes of rows with coordinates of another version: they go through
 * one, or are refused. Safe for concurrent use; one that is known costs a volatile read and a look through a short list.
 */
public final class ReleaseAlignments {

    /*
     * They are read from the disk when a release is first asked for any, and kept with it. One that was fitted for other files than the
     * release holds, as after another file was staged under its name, is passed over: it says itself what it maps onto.
     */

    private static final System.Logger LOG = System.getLogger(ReleaseAlignments.class.getName());

    /** What a training makes and numbers for itself: equal ids of two trainings name nothing in common. */
    private static final Set<String> LEARNT = Set.of("cluster", "interest", "relation");

    private final RepresentationStore store;

    public ReleaseAlignments(RepresentationStore store) {
        this.store = store;
    }

    /** Those of one release in this process, exchanged whole. */
    private static final class Known {

        private volatile Optional<List<Alignment>> all = Optional.empty();

        List<Alignment> get(RepresentationStore store, Snapshot snapshot) {
            Optional<List<Alignment>> known = all;
            return known.isPresent() ? known.get() : read(store, snapshot);
        }

        private synchronized List<Alignment> read(RepresentationStore store, Snapshot snapshot) {
            List<Alignment> read = new ArrayList<>();
            store.attached(snapshot.release()).forEach((name, content) -> {
                try {
                    read.add(AlignmentFile.parse(content));
                } catch (IllegalArgumentException e) {
                    LOG.log(
                            WARNING,
                            "the alignment {0} of release {1} is passed over: {2}",
                            name,
                            snapshot.release(),
                            e.getMessage());
                }
            });
            List<Alignment> fitting = List.copyOf(read);
            all = Optional.of(fitting);
            return fitting;
        }

        synchronized void forget() {
            all = Optional.empty();
        }
    }

    /** Of a release, by file name; those that were fitted for what it holds. */
    public Map<String, Alignment> of(Snapshot snapshot) {
        Map<String, Alignment> named = new TreeMap<>();
        for (Alignment each : known(snapshot).get(store, snapshot)) {
            if (each.to().same(Coordinates.of(snapshot, each.model()))) {
                named.put(AlignmentFile.name(each), each);
            }
        }
        return named;
    }

    private static Known known(Snapshot snapshot) {
        return snapshot.facts().get(Known.class, Known::new);
    }

    /**
     * Fits one for each model whose dense spaces both releases have and whose coordinates differ, and keeps them with the second.
     *
     * @param from the release whose vectors are to be understood
     * @param to the one they are to be compared with
     * @throws Invalid for a space that is sparse or none
     * @throws Conflict when there is nothing to align, too few ids are shared, or the fit is refused; nothing is kept then
     */
    public List<Alignment> align(Snapshot from, Snapshot to, AlignmentOptions options) {
        Map<String, List<String>> spaces = spaces(from, to, options.space());
        List<Alignment> fitted = new ArrayList<>();
        spaces.forEach((model, names) -> {
            Coordinates a = Coordinates.of(from, model);
            Coordinates b = Coordinates.of(to, model);
            if (!a.same(b)) {
                fitted.add(Aligner.align(model, a, rows(from, names), b, rows(to, names), options));
            }
        });
        if (fitted.isEmpty()) {
            throw new Conflict(
                    "nothing-to-align",
                    "coordinates of %s and %s are the same, or they share no dense space of entities: %s"
                            .formatted(from.release(), to.release(), spaces));
        }
        for (Alignment each : fitted) {
            store.attach(to.release(), AlignmentFile.name(each), AlignmentFile.toBytes(each));
        }
        known(to).forget();
        return fitted;
    }

    /**
     * Removes one.
     *
     * @throws NotFound where the release has none of the name
     */
    public void delete(Snapshot release, String name) {
        if (!store.detach(release.release(), name)) {
            throw new NotFound(
                    "unknown-alignment", "release %s has no alignment '%s'".formatted(release.release(), name));
        }
        known(release).forget();
    }

    private static List<AlignedRows> rows(Snapshot snapshot, List<String> names) {
        return names.stream()
                .map(name -> AlignedRows.of(snapshot.space(name).orElseThrow()))
                .toList();
    }

    /** Dense spaces of entities that both have, by model. */
    private Map<String, List<String>> spaces(Snapshot from, Snapshot to, Optional<String> only) {
        only.ifPresent(name -> {
            if (!(store.space(name).orElse(null) instanceof DenseSpace)) {
                throw new Invalid("not-a-dense-space", "space", "no dense space is called '%s'".formatted(name));
            }
        });
        Map<String, List<String>> spaces = new LinkedHashMap<>();
        for (SpaceVersion version : from.spaces()) {
            String name = version.space().name();
            boolean both = version.dense().isPresent()
                    && to.space(name).flatMap(SpaceVersion::dense).isPresent();
            if (both
                    && isAlignable(version.space().kind())
                    && only.map(name::equals).orElse(true)) {
                spaces.computeIfAbsent(version.space().model(), model -> new ArrayList<>())
                        .add(name);
            }
        }
        return spaces;
    }

    /** Whether ids of a kind name the same in every training. */
    public static boolean isAlignable(EntityKind kind) {
        return !LEARNT.contains(kind.name());
    }

    /**
     * A row with coordinates of another version as one with those of a release's dense spaces of a model.
     *
     * @param version a training or a version of one of the model's spaces, of any release
     * @throws Conflict where the release knows no way from there
     * @throws Invalid for a row of another length
     */
    public float[] toRelease(Snapshot snapshot, String model, String version, float[] row) {
        return adapter(snapshot, model, version, true)
                .map(adapter -> mapped(adapter, row))
                .orElse(row);
    }

    /** A map from a release's coordinates to those of another version; empty where they are the same. Throws as {@link #toRelease}. */
    public Optional<Adapter> fromRelease(Snapshot snapshot, String model, String version) {
        return adapter(snapshot, model, version, false);
    }

    private Optional<Adapter> adapter(Snapshot snapshot, String model, String version, boolean forward) {
        Coordinates own = Coordinates.of(snapshot, model);
        if (own.named(version)) {
            return Optional.empty();
        }
        for (Alignment each : known(snapshot).get(store, snapshot)) {
            if (each.model().equals(model)
                    && each.from().named(version)
                    && each.to().same(own)) {
                return Optional.of(forward ? each.forward() : each.backward());
            }
        }
        throw notAligned(snapshot, model, version);
    }

    /** What to throw at who brings coordinates that a release's cannot be compared with. */
    public static Conflict notAligned(Snapshot snapshot, String model, String version) {
        return new Conflict(
                "not-aligned",
                "rows of version %s cannot be compared with those of release %s: no alignment of %s from there is kept with it"
                        .formatted(version, snapshot.release(), model));
    }

    private static float[] mapped(Adapter adapter, float[] row) {
        if (row.length != adapter.in()) {
            throw new Invalid(
                    "dimension-differs",
                    "source.vector",
                    "dimension differs: the version that the source names has %s values, got %s"
                            .formatted(adapter.in(), row.length));
        }
        return adapter.apply(row);
    }
}
