package repscorer.benchmarks.reliability;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import repscorer.benchmarks.reliability.Workload.ReleaseFiles;
import repscorer.core.embedding.Space;
import repscorer.core.failure.Finding;
import repscorer.core.failure.ScorerException;
import repscorer.core.signal.SignalPush;
import repscorer.core.signal.SignalStore;
import repscorer.core.store.Change;
import repscorer.core.store.PublicationListener;
import repscorer.core.store.Release;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.StoreArchive;
import repscorer.core.store.StoreOptions;

/**
 * Flips one bit of one file of a store, opens it, reads all of it, verifies it and copies it: the file must be named, no row be
 * of the flip's making, and every release that the file is no part of be there as it was.
 */
public final class FlipRun {

    private static final Path STORE = Path.of("/store");
    private static final Path COPY = Path.of("/copy");
    private static final StoreOptions OPTIONS = Workload.options(1_000_000);

    /** In all; a third of them are enough for a graph over them. */
    private static final int CHANGES = 36;

    private final SimulatedDisk sound = new SimulatedDisk(1);
    private final Map<String, Set<Long>> written = new HashMap<>(); // by release and row, all values it ever had
    private final Map<String, Map<String, Long>> last = new TreeMap<>(); // by release: what it held in the end
    private final Map<String, List<Path>> byKind = new TreeMap<>();
    private long next = 1_000;

    /** Makes the store: two releases with compacted bases, logs and graphs, and signals. */
    public FlipRun(List<ReleaseFiles> files) throws IOException {
        RepresentationStore store = RepresentationStore.open(STORE, Workload.SPACES, OPTIONS, sound);
        SplittableRandom random = new SplittableRandom(7);
        for (int release = 0; release < 2; release++) {
            String name = "r" + release;
            ReleaseFiles each = files.get(release);
            each.rows().forEach((row, value) -> remember(name, row, value));
            Workload.publish(store, name, each);
            change(store, name, random);
            store.close(); // a restart in between makes further segments
            store = RepresentationStore.open(STORE, Workload.SPACES, OPTIONS, sound);
            change(store, name, random);
            store.compact(Workload.DENSE.name(), PublicationListener.NONE);
            store.compact(Workload.GRAPH.name(), PublicationListener.NONE);
            change(store, name, random);
        }
        last.putAll(Workload.releases(store));
        store.close();
        for (int start = 0; start < 2; start++) {
            try (SignalStore signals = Workload.signals(STORE, sound)) {
                for (int i = 0; i < 20; i++) {
                    SignalPush push = Workload.push(random, i % 5 == 4 ? 0 : next++);
                    remember(
                            "signals",
                            Workload.row(push),
                            push.undone() ? 0 : push.signal().atMillis());
                    signals.push(List.of(push));
                }
            }
        }
        for (Path file : sound.files(STORE)) {
            byKind.computeIfAbsent(kind(file), kind -> new ArrayList<>()).add(file);
        }
    }

    private static String kind(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.startsWith("signals.") ? "signals" : name.substring(name.lastIndexOf('.') + 1);
    }

    private void remember(String release, String row, long value) {
        written.computeIfAbsent(release + "/" + row, key -> new HashSet<>(Set.of(0L)))
                .add(value);
    }

    private void change(RepresentationStore store, String release, SplittableRandom random) {
        for (int i = 0; i < CHANGES; i++) {
            Space space = Workload.SPACES.get(i % 3);
            var id = Workload.id(random.nextInt(Workload.IDS));
            long value = i == 5 ? 0 : next++;
            Change change = value == 0
                    ? new Change.Delete(id, OptionalLong.of(next))
                    : new Change.Upsert(id, Workload.embedding(space, id, value), OptionalLong.of(next));
            remember(release, Workload.row(space, id), value);
            store.apply(release, space.name(), "p", List.of(change));
        }
    }

    /** The kinds of files that bits are flipped in. */
    public Set<String> kinds() {
        return byKind.keySet();
    }

    /** One case; empty where the flip was found and named, and nothing wrong was served. */
    public List<String> flip(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> kinds = List.copyOf(byKind.keySet());
        List<Path> files = byKind.getOrDefault(kinds.get(random.nextInt(kinds.size())), List.of());
        Path file = files.get(random.nextInt(files.size()));
        SimulatedDisk disk = sound.copy();
        long bit = random.nextLong(disk.size(file) * Byte.SIZE);
        disk.flip(file, bit);
        List<String> named = new ArrayList<>();
        List<String> differences = new ArrayList<>();
        try {
            RepresentationStore store = RepresentationStore.open(STORE, Workload.SPACES, OPTIONS, disk);
            readAll(store, file, named, differences);
            store.findings().stream().map(Finding::toString).forEach(named::add);
            store.close();
            try (SignalStore signals = Workload.signals(STORE, disk)) {
                check("signals", Workload.rows(signals), differences);
                signals.findings().stream().map(Finding::toString).forEach(named::add);
            }
        } catch (ScorerException e) {
            named.add(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            differences.add("the store broke: " + e);
        }
        String name = String.valueOf(file.getFileName());
        if (named.stream().noneMatch(each -> each.contains(name))) {
            differences.add("nobody named it: " + named);
        }
        SimulatedDisk still = sound.copy(); // as an operator finds it whom no start has helped
        still.flip(file, bit);
        List<Finding> verified = StoreArchive.verify(STORE, still).findings();
        if (verified.stream().noneMatch(each -> each.toString().contains(name))) {
            differences.add("verify did not name it: " + verified);
        }
        copy(still, differences);
        return differences.stream()
                .map(each -> "bit %s of %s (seed %s): %s".formatted(bit, STORE.relativize(file), seed, each))
                .toList();
    }

    private void readAll(RepresentationStore store, Path flipped, List<String> named, List<String> differences) {
        Set<String> found = new HashSet<>();
        for (Release release : store.releases()) {
            found.add(release.name());
            try {
                Map<String, Long> rows =
                        Workload.rows(store.snapshot(release.name()).orElseThrow());
                check(release.name(), rows, differences);
                if (!isOf(release.name(), flipped) && !rows.equals(last.get(release.name()))) {
                    differences.add("release %s is not as it was".formatted(release.name()));
                }
            } catch (ScorerException e) {
                named.add(String.valueOf(e.getMessage()));
            }
        }
        last.keySet().stream()
                .filter(release -> !isOf(release, flipped) && !found.contains(release))
                .forEach(release -> differences.add("release %s is gone".formatted(release)));
    }

    private static boolean isOf(String release, Path file) {
        return file.startsWith(STORE.resolve("releases").resolve(release));
    }

    /** A backup is refused or holds what was written. */
    private void copy(SimulatedDisk disk, List<String> differences) throws IOException {
        try {
            StoreArchive.copy(STORE, COPY, disk);
        } catch (ScorerException e) {
            if (disk.exists(COPY)) {
                differences.add("a refused backup was left: " + e.getMessage());
            }
            return;
        }
        try (RepresentationStore store = RepresentationStore.open(COPY, Workload.SPACES, OPTIONS, disk);
                SignalStore signals = Workload.signals(COPY, disk)) {
            Workload.releases(store).forEach((release, rows) -> check(release, rows, differences));
            check("signals", Workload.rows(signals), differences);
        } catch (ScorerException e) {
            differences.add("a backup cannot be opened: " + e.getMessage());
        }
    }

    private void check(String release, Map<String, Long> rows, List<String> differences) {
        rows.forEach((row, value) -> {
            if (!written.getOrDefault(release + "/" + row, Set.of()).contains(value)) {
                differences.add("served %s = %s, which nobody wrote".formatted(row, value));
            }
        });
    }
}
