package repscorer.core.drift;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import repscorer.core.embedding.EmbeddingFile.Form;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.store.Snapshot;
import repscorer.core.store.SpaceVersion;

/**
 * Compares two releases: counts whole, all else over drawn ids. Memory for the draw and one row of each release; time for a
 * look-up of every id, and for the neighbours and answers of the drawn ones. Ends early where the time of the request that asks is
 * over.
 */
public final class ReleaseDrift {

    private ReleaseDrift() {}

    /**
     * The report.
     *
     * @param plans of the surfaces that are asked
     * @param answers of both releases
     * @throws repscorer.core.failure.ScorerException.Overloaded when the request's time is over
     */
    public static DriftReport of(
            Snapshot a, Snapshot b, Collection<ScoringPlan> plans, SurfaceAnswers answers, DriftOptions options) {
        List<SpaceDrift> spaces = new ArrayList<>();
        Map<String, SharedRows> drawn = new TreeMap<>();
        for (SpaceVersion version : a.spaces()) {
            String name = version.space().name();
            Optional<SpaceVersion> other = b.space(name);
            if (other.isPresent()) {
                SharedRows rows = SharedRows.of(version, other.get(), options.sample(), options.seed());
                drawn.put(name, rows);
                spaces.add(space(version, other.get(), rows));
            }
        }
        List<SurfaceDrift> surfaces = new ArrayList<>();
        if (options.sources() > 0) {
            SurfaceLists lists = new SurfaceLists(a, b, drawn, answers, options.sources());
            plans.forEach(plan -> surfaces.add(lists.of(plan)));
        }
        return new DriftReport(a.release(), b.release(), options, missing(a, b), missing(b, a), spaces, surfaces);
    }

    private static List<String> missing(Snapshot there, Snapshot here) {
        return there.spaces().stream()
                .map(version -> version.space().name())
                .filter(name -> here.space(name).isEmpty())
                .toList();
    }

    private static SpaceDrift space(SpaceVersion a, SpaceVersion b, SharedRows rows) {
        boolean sameForm = a.file().form() == b.file().form() && a.file().form() != Form.TEXT;
        boolean dense = sameForm && a.file().form() == Form.DENSE;
        boolean sameDimension = a.file().dimension() == b.file().dimension();
        Optional<String> trainingA = a.file().training();
        Optional<String> trainingB = b.file().training();
        SpaceDrift.Rows kind;
        boolean texts = a.file().form() == Form.TEXT && b.file().form() == Form.TEXT;
        if (texts) {
            kind = SpaceDrift.Rows.ENTITIES; // ids are compared, and words are the same whatever was learnt
        } else if (!sameForm || (dense && !sameDimension)) {
            kind = SpaceDrift.Rows.INCOMPARABLE;
        } else if (a.file().checksum().equals(b.file().checksum())) {
            kind = SpaceDrift.Rows.SAME_TRAINING;
        } else if (!dense && !SparseRowsDrift.learnt(a, b)) {
            kind = SpaceDrift.Rows.ENTITIES;
        } else if (trainingA.isEmpty() || trainingB.isEmpty()) {
            kind = SpaceDrift.Rows.UNKNOWN_TRAINING;
        } else {
            kind = trainingA.equals(trainingB) ? SpaceDrift.Rows.SAME_TRAINING : SpaceDrift.Rows.OTHER_TRAINING;
        }
        return new SpaceDrift(
                a.space(),
                a.version(),
                b.version(),
                rows.shared(),
                rows.rowsA() - rows.shared(),
                rows.rowsB() - rows.shared(),
                rows.drawn(),
                trainingA,
                trainingB,
                kind,
                dense ? Optional.of(DenseRowsDrift.of(a, b, rows, sameDimension)) : Optional.empty(),
                sameForm && !dense ? Optional.of(SparseRowsDrift.of(a, b, rows)) : Optional.empty(),
                sameForm ? NeighborLists.of(a, b, rows) : Optional.empty());
    }
}
