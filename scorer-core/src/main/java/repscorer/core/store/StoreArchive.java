package repscorer.core.store;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import repscorer.core.disk.AtomicFile;
import repscorer.core.disk.Disk;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.failure.Finding;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.failure.ScorerException.Rejected;
import repscorer.core.log.LogPlace;
import repscorer.core.log.LogReplay;
import repscorer.core.signal.SignalLog;
import repscorer.core.store.attached.AttachedFiles;
import repscorer.core.store.index.IndexFiles;

/**
 * Checks, copies and brings back a store's directory. Works while a service uses the directory: what it reads is immutable,
 * appended to, or replaced whole, and a release that changes under its hands is read again.
 */
public final class StoreArchive {

    private static final int ATTEMPTS = 10;

    private final Disk disk;
    private final Layout from;
    private final Optional<Layout> into;
    private final IndexFiles indexes;
    private final List<Finding> findings = new ArrayList<>();
    private int releases;
    private long changes;
    private long signals;
    private long bytes;

    /**
     * What was read.
     *
     * @param live the live release, empty for none
     * @param changes streamed changes in the logs
     * @param signals in their log, needed or not
     * @param findings what is wrong, with its file
     */
    public record Report(String live, int releases, long changes, long signals, long bytes, List<Finding> findings) {

        /** Whether something that was acknowledged is damaged. */
        public boolean damaged() {
            return findings.stream().anyMatch(finding -> finding.kind() == Finding.Kind.DAMAGED);
        }
    }

    private StoreArchive(Disk disk, Path from, Optional<Path> into) {
        this.disk = disk;
        this.from = new Layout(from);
        this.into = into.map(Layout::new);
        this.indexes = new IndexFiles(disk, this.from.indexes(), findings::add);
    }

    /**
     * Reads everything once: every checksum, every id, every value, every graph, every group of the logs.
     *
     * @throws IOException when the directory cannot be read
     */
    public static Report verify(Path store) throws IOException {
        return verify(store, Disk.LOCAL);
    }

    /** The same on a disk of the caller's, so that faults can be tried. */
    public static Report verify(Path store, Disk disk) throws IOException {
        checkStore(store, disk);
        return new StoreArchive(disk, store, Optional.empty()).run();
    }

    /**
     * Copies a store: every release as of one moment, with all changes and signals acknowledged before the call. Graphs are built
     * anew from the copy. The copy has its name
     * when it is whole and on the device.
     *
     * @param into must not exist
     * @throws repscorer.core.failure.ScorerException.Rejected when something in the store is damaged; nothing is left behind
     */
    public static Report backup(Path store, Path into) throws IOException {
        return copy(store, into, Disk.LOCAL);
    }

    /** Brings a backup back: checked first, then copied to a directory that must not exist. */
    public static Report restore(Path backup, Path store) throws IOException {
        return copy(backup, store, Disk.LOCAL);
    }

    /** A backup or a restore on a disk of the caller's, so that faults can be tried. */
    public static Report copy(Path from, Path to, Disk disk) throws IOException {
        checkStore(from, disk);
        Path into = to.toAbsolutePath();
        if (disk.exists(into)) {
            throw new Invalid("target-exists", "out", "the target must not exist: %s".formatted(to));
        }
        Path partial = into.resolveSibling(into.getFileName() + ".partial");
        disk.deleteTree(partial);
        try {
            Report report = new StoreArchive(disk, from, Optional.of(partial)).run();
            if (report.damaged()) {
                throw new Rejected(
                        "store-damaged",
                        "%s is damaged: %s".formatted(from, report.findings().getFirst()));
            }
            disk.move(partial, into);
            disk.syncDirectory(parent(into));
            return report;
        } finally {
            disk.deleteTree(partial);
        }
    }

    private static Path parent(Path path) throws IOException {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IOException("a root is no place for a store: " + path);
        }
        return parent;
    }

    private static void checkStore(Path store, Disk disk) throws IOException {
        if (!disk.isDirectory(new Layout(store).releases())) {
            throw new Invalid("not-a-store", "data", "a store has a directory releases: %s has none".formatted(store));
        }
    }

    private Report run() throws IOException {
        if (into.isPresent()) {
            disk.createDirectories(into.get().releases());
        }
        String live = "";
        boolean hasLive = false; // else it was removed and another went live meanwhile
        for (int attempt = 0; !hasLive && attempt < ATTEMPTS; attempt++) {
            live = live();
            hasLive = live.isEmpty();
            releases = 0;
            changes = 0;
            bytes = 0;
            for (Path directory : disk.list(from.releases())) {
                String name = String.valueOf(directory.getFileName());
                if (release(name)) {
                    releases++;
                    hasLive |= name.equals(live);
                }
            }
        }
        if (!hasLive) {
            findings.add(new Finding(Finding.Kind.DAMAGED, "LIVE", "the release that it names is not there: " + live));
        }
        signals();
        if (into.isPresent()) {
            if (!live.isEmpty()) {
                AtomicFile.write(disk, into.get().live(), LivePointer.content(live));
            }
            disk.syncDirectory(into.get().releases());
            disk.syncDirectory(into.get().root());
        }
        return new Report(live, releases, changes, signals, bytes, List.copyOf(findings));
    }

    private String live() throws IOException {
        findings.clear();
        try {
            return new LivePointer(disk, from).read().orElse("");
        } catch (IllegalArgumentException e) {
            findings.add(new Finding(Finding.Kind.DAMAGED, "LIVE", String.valueOf(e.getMessage())));
            return "";
        }
    }

    /** Reads a release until nothing changed while it was read; false for what is none, or no more. */
    private boolean release(String name) throws IOException {
        for (int attempt = 1; ; attempt++) {
            List<Finding> found = new ArrayList<>();
            byte[] manifest = {};
            try {
                if (!disk.exists(from.manifest(name))) {
                    return false;
                }
                manifest = disk.read(from.manifest(name));
                read(name, manifest, found);
            } catch (NoSuchFileException e) {
                found.add(new Finding(Finding.Kind.DAMAGED, relative(Path.of(e.getMessage())), "the file is missing"));
            }
            boolean same = disk.exists(from.manifest(name)) && Arrays.equals(manifest, disk.read(from.manifest(name)));
            if (same || attempt == ATTEMPTS) {
                findings.addAll(found);
                return true;
            }
        }
    }

    private void read(String name, byte[] content, List<Finding> found) throws IOException {
        Manifest manifest;
        try {
            manifest = Manifest.parse(content);
        } catch (IllegalArgumentException e) {
            found.add(new Finding(Finding.Kind.DAMAGED, relative(from.manifest(name)), String.valueOf(e.getMessage())));
            return;
        }
        if (into.isPresent()) {
            disk.deleteTree(into.get().release(name));
            disk.createDirectories(into.get().release(name));
        }
        if (!manifest.rejected()) {
            for (String space : manifest.versions().keySet()) {
                space(manifest, space, found);
            }
        }
        for (Path path : new AttachedFiles(disk, from.release(name)).paths()) {
            if (!AttachedFiles.isWhole(disk.read(path))) {
                found.add(new Finding(Finding.Kind.DAMAGED, relative(path), "its checksum differs"));
            }
            copy(path, into.map(to -> to.release(name)));
        }
        if (into.isPresent()) {
            AtomicFile.write(disk, into.get().manifest(name), content);
        }
    }

    private void space(Manifest manifest, String space, List<Finding> found) throws IOException {
        Path path = from.release(manifest.name()).resolve(manifest.fileOf(space));
        try {
            EmbeddingFile file = EmbeddingFile.open(path, disk.map(path));
            file.verify();
            if (!file.checksum().equals(manifest.checksumOf(space))) {
                throw new Rejected("corrupt-embedding-file", "it is not the file that was published");
            }
            copy(path, into.map(to -> to.release(manifest.name())));
            found.addAll(indexes.verify(file));
        } catch (Rejected e) {
            found.add(new Finding(Finding.Kind.DAMAGED, relative(path), String.valueOf(e.getMessage())));
        }
        Manifest.Base base = manifest.bases().get(space);
        LogPlace place = from.log(manifest.name(), space);
        for (Path segment : place.segments(disk).values()) {
            copy(segment, into.map(to -> to.release(manifest.name())));
        }
        LogReplay.Result<ChangeRecord> log = LogReplay.read(
                disk,
                into.orElse(from).log(manifest.name(), space),
                ChangeRecord.FORMAT,
                base == null ? 0 : base.sequence(),
                (sequence, each) -> changes++);
        found.addAll(log.findings());
    }

    /** Reads signals until no other generation of their log took the place of the one that was read. */
    private void signals() throws IOException {
        for (int attempt = 1; ; attempt++) {
            Optional<LogPlace> place = SignalLog.place(disk, from.signals());
            List<Finding> found = new ArrayList<>();
            signals = 0;
            long before = bytes;
            try {
                if (place.isPresent()) {
                    found.addAll(signals(place.get()));
                }
            } catch (NoSuchFileException e) {
                found.add(new Finding(Finding.Kind.DAMAGED, relative(Path.of(e.getMessage())), "the file is missing"));
            }
            if (attempt == ATTEMPTS || place.equals(SignalLog.place(disk, from.signals()))) {
                findings.addAll(found);
                return;
            }
            bytes = before;
        }
    }

    private List<Finding> signals(LogPlace place) throws IOException {
        if (into.isPresent()) {
            Path copies = into.get().signals().resolve(place.directory().getFileName());
            disk.deleteTree(into.get().signals());
            disk.createDirectories(copies);
            for (Path segment : place.segments(disk).values()) {
                copy(segment, Optional.of(copies));
            }
            disk.syncDirectory(copies);
            disk.syncDirectory(into.get().signals());
            LogPlace copied = SignalLog.place(disk, into.get().signals()).orElseThrow();
            return SignalLog.read(disk, copied, each -> signals++);
        }
        for (Path segment : place.segments(disk).values()) {
            copy(segment, Optional.empty());
        }
        return SignalLog.read(disk, place, each -> signals++);
    }

    private void copy(Path path, Optional<Path> directory) throws IOException {
        MemorySegment content = disk.map(path);
        bytes += content.byteSize();
        if (directory.isPresent()) {
            try (Disk.Output out = disk.create(directory.get().resolve(path.getFileName()))) {
                out.writeFully(content);
                out.sync();
            }
        }
    }

    private String relative(Path path) {
        return path.startsWith(from.root()) ? from.root().relativize(path).toString() : path.toString();
    }
}
