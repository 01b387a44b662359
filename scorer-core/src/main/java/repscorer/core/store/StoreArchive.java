package repscorer.core.store;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.failure.ScorerException.Rejected;

/**
 * Checks, copies and brings back a store's directory. Works while a service uses the directory: what it reads is immutable,
 * appended to, or replaced whole, and a release that changes under its hands is read again.
 */
public final class StoreArchive {

    private static final int ATTEMPTS = 10;
    private static final long CHUNK_BYTES = 1L << 26;

    private final StoreFiles files;
    private final Layout from;
    private final Optional<Layout> into;
    private final List<Finding> findings = new ArrayList<>();
    private int releases;
    private long changes;
    private long bytes;

    /**
     * What was read.
     *
     * @param live the live release, empty for none
     * @param changes streamed changes in the logs
     * @param findings what is wrong, with its file
     */
    public record Report(String live, int releases, long changes, long bytes, List<Finding> findings) {

        /** Whether something that was acknowledged is damaged. */
        public boolean damaged() {
            return findings.stream().anyMatch(finding -> finding.kind() == Finding.Kind.DAMAGED);
        }
    }

    private StoreArchive(StoreFiles files, Path from, Optional<Path> into) {
        this.files = files;
        this.from = new Layout(from);
        this.into = into.map(Layout::new);
    }

    /**
     * Reads everything once: every checksum, every id, every value, every group of the logs.
     *
     * @throws IOException when the directory cannot be read
     */
    public static Report verify(Path store) throws IOException {
        return verify(store, StoreFiles.REAL);
    }

    static Report verify(Path store, StoreFiles files) throws IOException {
        checkStore(store, files);
        return new StoreArchive(files, store, Optional.empty()).run();
    }

    /**
     * Copies a store: every release as of one moment, with all changes acknowledged before the call. The copy has its name
     * when it is whole and on the device.
     *
     * @param into must not exist
     * @throws repscorer.core.failure.ScorerException.Rejected when something in the store is damaged; nothing is left behind
     */
    public static Report backup(Path store, Path into) throws IOException {
        return copy(store, into, StoreFiles.REAL);
    }

    /** Brings a backup back: checked first, then copied to a directory that must not exist. */
    public static Report restore(Path backup, Path store) throws IOException {
        return copy(backup, store, StoreFiles.REAL);
    }

    static Report copy(Path from, Path to, StoreFiles files) throws IOException {
        checkStore(from, files);
        Path into = to.toAbsolutePath();
        if (files.exists(into)) {
            throw new Invalid("target-exists", "out", "the target must not exist: %s".formatted(to));
        }
        Path partial = into.resolveSibling(into.getFileName() + ".partial");
        files.deleteTree(partial);
        try {
            Report report = new StoreArchive(files, from, Optional.of(partial)).run();
            if (report.damaged()) {
                throw new Rejected(
                        "store-damaged",
                        "%s is damaged: %s".formatted(from, report.findings().getFirst()));
            }
            files.move(partial, into);
            files.syncDirectory(parent(into));
            return report;
        } finally {
            files.deleteTree(partial);
        }
    }

    private static Path parent(Path path) throws IOException {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IOException("a root is no place for a store: " + path);
        }
        return parent;
    }

    private static void checkStore(Path store, StoreFiles files) throws IOException {
        if (!files.isDirectory(new Layout(store).releases())) {
            throw new Invalid("not-a-store", "data", "a store has a directory releases: %s has none".formatted(store));
        }
    }

    private Report run() throws IOException {
        if (into.isPresent()) {
            files.createDirectories(into.get().releases());
        }
        String live = "";
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            live = live();
            boolean hasLive = live.isEmpty();
            releases = 0;
            changes = 0;
            bytes = 0;
            findings.removeIf(finding -> !finding.file().equals("LIVE"));
            for (Path directory : files.list(from.releases())) {
                String name = String.valueOf(directory.getFileName());
                if (release(name)) {
                    releases++;
                    hasLive |= name.equals(live);
                }
            }
            if (hasLive) {
                break; // else it was removed and another went live meanwhile
            }
        }
        if (into.isPresent()) {
            if (!live.isEmpty()) {
                files.replace(into.get().live(), SealedText.write(Map.of("release", live)));
            }
            files.syncDirectory(into.get().releases());
            files.syncDirectory(into.get().root());
        }
        return new Report(live, releases, changes, bytes, List.copyOf(findings));
    }

    private String live() throws IOException {
        findings.clear();
        if (!files.exists(from.live())) {
            return "";
        }
        try {
            return SealedText.read(files.read(from.live())).getOrDefault("release", "");
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
                if (!files.exists(from.manifest(name))) {
                    return false;
                }
                manifest = files.read(from.manifest(name));
                read(name, manifest, found);
            } catch (NoSuchFileException e) {
                found.add(new Finding(Finding.Kind.DAMAGED, relative(Path.of(e.getMessage())), "the file is missing"));
            }
            boolean same =
                    files.exists(from.manifest(name)) && Arrays.equals(manifest, files.read(from.manifest(name)));
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
            files.deleteTree(into.get().release(name));
            files.createDirectories(into.get().release(name));
        }
        if (!manifest.rejected()) {
            for (String space : manifest.versions().keySet()) {
                space(manifest, space, found);
            }
        }
        if (into.isPresent()) {
            files.replace(into.get().manifest(name), content);
        }
    }

    private void space(Manifest manifest, String space, List<Finding> found) throws IOException {
        Path path = from.release(manifest.name()).resolve(manifest.fileOf(space));
        try {
            EmbeddingFile file = EmbeddingFile.open(path, files.map(path));
            file.verify();
            if (!file.checksum().equals(manifest.checksumOf(space))) {
                throw new Rejected("corrupt-embedding-file", "it is not the file that was published");
            }
            copy(path, manifest.name());
        } catch (Rejected e) {
            found.add(new Finding(Finding.Kind.DAMAGED, relative(path), String.valueOf(e.getMessage())));
        }
        Manifest.Base base = manifest.bases().get(space);
        TreeMap<Integer, Path> segments = LogReplay.paths(files, from, manifest.name(), space);
        if (into.isPresent()) {
            for (Path segment : segments.values()) {
                copy(segment, manifest.name());
            }
        }
        LogReplay.Result log = LogReplay.read(
                files,
                into.orElse(from),
                manifest.name(),
                space,
                base == null ? 0 : base.sequence(),
                (sequence, each) -> changes++);
        found.addAll(log.findings());
    }

    private void copy(Path path, String release) throws IOException {
        MemorySegment content = files.map(path);
        bytes += content.byteSize();
        if (into.isPresent()) {
            try (StoreFiles.Output out =
                    files.create(into.get().release(release).resolve(path.getFileName()))) {
                for (long at = 0; at < content.byteSize(); at += CHUNK_BYTES) {
                    long length = Math.min(CHUNK_BYTES, content.byteSize() - at);
                    StoreFiles.writeFully(out, content.asSlice(at, length).asByteBuffer());
                }
                out.sync();
            }
        }
    }

    private String relative(Path path) {
        return path.startsWith(from.root()) ? from.root().relativize(path).toString() : path.toString();
    }
}
