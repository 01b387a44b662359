package repscorer.core.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import repscorer.core.disk.Disk;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.EmbeddingFile.Form;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.embedding.TextSpace;
import repscorer.core.embedding.ZeroVectors;
import repscorer.core.entity.IdTable;
import repscorer.core.erasure.ErasedSubjects;
import repscorer.core.failure.ScorerException.Conflict;
import repscorer.core.failure.ScorerException.Rejected;
import repscorer.core.store.RepresentationStore.Missing;
import repscorer.core.store.gate.Verdict;
import repscorer.vector.Metric;
import repscorer.vector.SparseRows;

/**
 * The rules a file keeps towards its declared space, and the files of one release towards each other, and those of a release to come towards
 * the live one.
 */
final class ReleaseChecks {

    private ReleaseChecks() {}

    /** Opens a file of a declared space, checked whole: O(bytes). */
    static EmbeddingFile open(Disk disk, Space space, Path path) {
        EmbeddingFile file = openVerified(disk, path);
        fits(space, file);
        return file;
    }

    /** Opens a file whose every checksum, id and value holds: O(bytes). */
    static EmbeddingFile openVerified(Disk disk, Path path) {
        EmbeddingFile file;
        try {
            file = EmbeddingFile.open(path, disk.map(path));
        } catch (IOException e) {
            throw new Rejected(
                    "unreadable-embedding-file",
                    "the file cannot be read: %s (%s)".formatted(path.getFileName(), e),
                    e);
        }
        file.verify();
        return file;
    }

    /** Throws when a file is not one of the declared space: O(rows). */
    static void fits(Space space, EmbeddingFile file) {
        same("space-differs", "space", space, space.name(), file.space());
        same("model-differs", "model", space, space.model(), file.model());
        same("kind-differs", "kind", space, space.kind(), file.kind());
        switch (space) {
            case DenseSpace dense -> {
                same("form-differs", "form", space, Form.DENSE, file.form());
                same("dimension-differs", "dimension", space, dense.dimension(), file.dimension());
                if (dense.metric() == Metric.COSINE) {
                    hasNoZeroVectors(space, file);
                }
            }
            case SparseSpace sparse -> {
                same("form-differs", "form", space, Form.SPARSE, file.form());
                keepsEntriesMax(sparse, file);
            }
            case TextSpace text -> same("form-differs", "form", space, Form.TEXT, file.form());
        }
    }

    /** Throws when a file that arrives holds what the space's policy refuses: O(rows). */
    static void welcome(Space space, EmbeddingFile file) {
        if (space.policy().zeroVectors() == ZeroVectors.REFUSE) {
            hasNoZeroVectors(space, file);
        }
        if (space instanceof DenseSpace dense && dense.valueMax() < Float.POSITIVE_INFINITY) {
            keepsValueMax(dense, file);
        }
    }

    private static void keepsValueMax(DenseSpace space, EmbeddingFile file) {
        float[] values = new float[file.dimension()];
        for (int row = 0; row < file.count(); row++) {
            file.denseRows().copyRow(row, values);
            int place = ChangeChecks.firstBeyond(space.valueMax(), values);
            if (place >= 0) {
                throw new Rejected(
                        "value-too-large",
                        "float16 holds values to %s: space=%s has %s in column %s (row %s, %s); scale its rows, or set codes: int8"
                                .formatted(
                                        space.valueMax(),
                                        space.name(),
                                        values[place],
                                        place,
                                        row,
                                        file.ids().id(row)));
            }
        }
    }

    private static void same(String code, String what, Space space, Object expected, Object got) {
        if (!expected.equals(got)) {
            throw new Rejected(
                    code, "%s differs: space=%s expects %s, got %s".formatted(what, space.name(), expected, got));
        }
    }

    private static void hasNoZeroVectors(Space space, EmbeddingFile file) {
        for (int row = 0; row < file.count(); row++) {
            if (isZero(file, row)) {
                throw new Rejected(
                        "zero-vector",
                        "zero vectors are refused: space=%s (row %s, %s)"
                                .formatted(space.name(), row, file.ids().id(row)));
            }
        }
    }

    static boolean isZero(EmbeddingFile file, int row) {
        return switch (file.form()) {
            case DENSE -> file.denseRows().norm(row) == 0;
            case SPARSE -> file.sparseRows().size(row) == 0;
            case TEXT -> file.texts().bytes(row) == 0;
        };
    }

    private static void keepsEntriesMax(SparseSpace space, EmbeddingFile file) {
        SparseRows rows = file.sparseRows();
        for (int row = 0; row < rows.count(); row++) {
            if (rows.size(row) > space.entriesMax()) {
                throw new Rejected(
                        "too-many-entries",
                        "a row has at most %s entries: space=%s has %s (row %s, %s)"
                                .formatted(
                                        space.entriesMax(),
                                        space.name(),
                                        rows.size(row),
                                        row,
                                        file.ids().id(row)));
            }
        }
    }

    /** Throws when a required space is missing or the spaces of a model cannot be compared. */
    static void agree(Collection<Space> declared, Map<String, EmbeddingFile> files) {
        Map<String, EmbeddingFile> ofModel = new LinkedHashMap<>();
        files.values().forEach(file -> sameTraining(ofModel.putIfAbsent(file.model(), file), file));
        Map<String, EmbeddingFile> denseOfModel = new LinkedHashMap<>();
        Map<String, EmbeddingFile> sparseOfModel = new LinkedHashMap<>();
        for (Space space : declared) {
            EmbeddingFile file = files.get(space.name());
            if (file == null) {
                if (space.required()) {
                    throw new Rejected(
                            "required-space-missing",
                            "a release holds every required space: %s is missing".formatted(space.name()));
                }
                continue;
            }
            switch (space) {
                case DenseSpace dense -> sameDimension(denseOfModel.putIfAbsent(dense.model(), file), file);
                case SparseSpace sparse -> {
                    if (sparse.indexed()) {
                        sameColumns(sparseOfModel.putIfAbsent(sparse.model(), file), file);
                    }
                }
                case TextSpace text -> {} // words are compared with words, whatever their space
            }
        }
    }

    /** Rows that were learnt apart have nothing to do with each other, whatever their dimension. */
    private static void sameTraining(@Nullable EmbeddingFile first, EmbeddingFile file) {
        if (first != null && !first.training().equals(file.training())) {
            throw new Conflict(
                    "training-differs",
                    "files of a model are of one training: model=%s, %s names %s, %s names %s"
                            .formatted(file.model(), first.space(), training(first), file.space(), training(file)));
        }
    }

    private static String training(EmbeddingFile file) {
        return file.training().orElse("none");
    }

    private static void sameDimension(@Nullable EmbeddingFile first, EmbeddingFile file) {
        if (first != null && first.dimension() != file.dimension()) {
            throw new Rejected(
                    "dimension-differs",
                    "dense spaces of a model share their dimension: model=%s, %s has %s, %s has %s"
                            .formatted(file.model(), first.space(), first.dimension(), file.space(), file.dimension()));
        }
    }

    private static void sameColumns(@Nullable EmbeddingFile first, EmbeddingFile file) {
        if (first == null) {
            return;
        }
        IdTable expected = first.columns().orElseThrow();
        IdTable got = file.columns().orElseThrow();
        if (expected.segment().mismatch(got.segment()) != -1 && !first.goesOnFrom(file)) {
            throw new Rejected(
                    "columns-differ",
                    "sparse spaces of a model share their columns: model=%s, %s has %s, %s has %s%s"
                            .formatted(
                                    file.model(),
                                    first.space(),
                                    expected.count(),
                                    file.space(),
                                    got.count(),
                                    expected.count() == got.count() ? " others" : ""));
        }
    }

    /** A release with spaces that it takes over from the live one, as they are now. */
    static Snapshot with(Snapshot next, Snapshot live, Set<String> carried) {
        Snapshot all = next;
        for (String space : carried) {
            all = all.with(live.space(space).orElseThrow());
        }
        return all;
    }

    /** The spaces of the live release that one to come lacks. */
    private static Set<String> lacking(Set<String> held, Snapshot live) {
        Set<String> lacking = new TreeSet<>();
        live.spaces().forEach(version -> lacking.add(version.space().name()));
        lacking.removeAll(held);
        return lacking;
    }

    /** The spaces that a release takes over from the live one. */
    static Set<String> carried(String release, Set<String> staged, Snapshot live, Missing missing) {
        Set<String> lacking = lacking(staged, live);
        if (missing.carried().contains(Missing.ALL)) {
            return lacking;
        }
        for (String space : missing.carried()) {
            if (!lacking.contains(space)) {
                throw new Conflict(
                        "nothing-to-carry",
                        "a space is carried over where the live release has it and the one to come lacks it: '%s' is %s"
                                .formatted(
                                        space,
                                        staged.contains(space)
                                                ? "staged for " + release
                                                : live.isEmpty()
                                                        ? "asked for, and no release is live"
                                                        : "not in " + live.release()));
            }
        }
        return missing.carried();
    }

    /** Throws when one to come lacks spaces of the live release, and nobody said that it may. */
    static void missing(String release, Set<String> held, Snapshot live, Missing missing) {
        Set<String> lacking = lacking(held, live);
        if (!lacking.isEmpty() && !missing.left()) {
            throw new Conflict(
                    "spaces-missing",
                    "release %s lacks spaces of the live release %s: %s; stage them, carry them over, or publish it as a partial one"
                            .formatted(release, live.release(), String.join(", ", lacking)));
        }
    }

    /** Why a release does not go live that keeps every other rule. */
    static Conflict gatesFailed(String release, Verdict verdict) {
        return new Conflict(
                "gates-failed",
                "release %s does not go live: %s; it stays staged, and goes live where somebody forces it and says why"
                        .formatted(release, verdict.words()));
    }

    /** Why a release does not go live that was held against another one than is live by now. */
    static Conflict changed(Snapshot live) {
        return new Conflict(
                "release-changed",
                "another release than %s went live meanwhile: publish again".formatted(live.release()));
    }

    /** Throws where somebody was erased since a release's files were looked through for erased subjects. */
    static void nobodyErased(String release, long since, ErasedSubjects erased) {
        if (erased.last() != since) {
            throw new Conflict(
                    "erased-meanwhile",
                    "a subject was erased while release %s was built: publish it again".formatted(release));
        }
    }

    /** What is staged of a release, checked whole, by space. */
    static Map<String, EmbeddingFile> openStaged(
            Disk disk, Layout layout, Collection<Space> spaces, String release, PublicationListener listener) {
        Map<String, EmbeddingFile> staged = new TreeMap<>();
        int done = 0;
        for (Space space : spaces) {
            Path path = Layout.file(layout.staging(release), space.name());
            if (disk.exists(path)) {
                listener.progress("check " + space.name(), done, spaces.size());
                staged.put(space.name(), open(disk, space, path));
            }
            done++;
        }
        return staged;
    }
}
