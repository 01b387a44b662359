package repscorer.core.store;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import repscorer.core.disk.AtomicFile;
import repscorer.core.disk.Disk;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.NewColumns;
import repscorer.core.engagement.EngagedItems;
import repscorer.core.engagement.ItemSums;
import repscorer.core.entity.EntityId;
import repscorer.core.failure.ScorerException.Rejected;
import repscorer.core.log.LogPlace;
import repscorer.core.log.LogReplay;
import repscorer.core.log.RecordLog;
import repscorer.core.store.ReleaseCatalog.KeptRelease;
import repscorer.core.store.attached.AttachedFiles;
import repscorer.core.store.delta.Delta;
import repscorer.core.store.delta.DeltaView;

/**
 * Spaces that a release to come takes over from the live one: their bases as they are, and every change that is acknowledged
 * until it goes live. For one publication and one thread, while no compaction runs.
 */
final class CarriedSpaces {

    /*
     * Files are copied, for a release's directory holds all of it; in memory the same rows and the same index go on. Changes
     * are written to logs of the new release, whose groups are bound to its name: beside the writers first, then, while these
     * wait, the last of them. Writers that waited are told that another release is live.
     *
     * All of it lies in the staging directory, beside the files that were staged, until that is renamed.
     */

    /** The number in a carried base's name, which tells it from a file that was staged. */
    private static final int NUMBER = 1;

    private static final int GROUP_RECORDS_MAX = 2_000;

    private final Disk disk;
    private final Layout layout;
    private final StoreOpener opener;
    private final String release;
    private final Snapshot others;
    private final Map<String, Carried> carried = new TreeMap<>();
    private Map<String, NewColumns> columns;

    /** One of them. */
    private final class Carried {
        final Manifest from;
        final SpaceVersion version;
        final SpaceStream stream;
        final RecordLog<ChangeRecord> log;
        final Delta delta;
        final long begin;
        final Optional<EngagedItems> items;
        Map<EntityId, ItemSums> sums = Map.of(); // as the log says them
        Map<String, Long> highest = Map.of();

        Carried(Manifest from, SpaceVersion live, SpaceStream stream) {
            this.from = from;
            String space = live.space().name();
            Path place = layout.release(release).resolve(Layout.fileName(space, NUMBER));
            this.version = live.movedTo(live.file().movedTo(place));
            this.stream = stream;
            DeltaView changes = stream.cut().view();
            if (!changes.isOver(live.file())) {
                throw new IllegalStateException("changes to %s lie over another base".formatted(space));
            }
            this.begin = changes.sequence() - changes.count();
            this.items = StoreOpener.items(version.space());
            this.delta = new Delta(
                    version.file(),
                    version.baseDense(),
                    begin,
                    columns.getOrDefault(space, NewColumns.of(version.file())));
            LogPlace staged = new LogPlace(layout.root(), layout.staging(release), release, space);
            this.log = new RecordLog<>(disk, staged, ChangeRecord.FORMAT, LogReplay.Result.nothing());
        }

        /** Takes over what came since the last time. */
        void follow() throws IOException {
            SpaceStream.Cut cut = stream.cut();
            delta.columns().learn(cut.view().columns());
            List<ChangeRecord> group = new ArrayList<>();
            for (int number = delta.count(); number < cut.view().count(); number++) {
                group.add(ChangeRecord.of("", change(cut.view(), number), delta.base(), delta.columns()));
                if (group.size() == GROUP_RECORDS_MAX
                        || number + 1 == cut.view().count()) {
                    append(group);
                }
            }
            highest = cut.highest();
            followSums(stream.still(stream::sums));
        }

        /* Those that are gone since go from the log by a deletion where that is why, and else are expired. */
        private void followSums(Map<EntityId, ItemSums> now) throws IOException {
            List<ChangeRecord> group = new ArrayList<>();
            for (Map.Entry<EntityId, ItemSums> each : now.entrySet()) {
                if (each.getValue() != sums.get(each.getKey())) {
                    Change restated = new Change.Restated(each.getKey(), each.getValue());
                    group.add(ChangeRecord.of("", restated, delta.base(), delta.columns()));
                }
                if (group.size() == GROUP_RECORDS_MAX) {
                    append(group);
                }
            }
            if (!group.isEmpty()) {
                append(group);
            }
            sums = now;
        }

        private void append(List<ChangeRecord> group) throws IOException {
            log.append(delta.sequence() + 1, group);
            group.forEach(each -> SpaceStream.add(each.change(), delta, items));
            group.clear();
        }

        Manifest.Base base() {
            Optional<Instant> since = Optional.of(Instant.ofEpochMilli(version.sinceMillis()));
            return new Manifest.Base(NUMBER, version.file().checksum(), begin, highest, since);
        }

        SpaceVersion now() {
            return version.with(from.versions().getOrDefault(version.space().name(), ""), delta.view());
        }
    }

    private static Change change(DeltaView view, int number) {
        return view.isDeletion(number)
                ? new Change.Delete(view.id(number), OptionalLong.empty())
                : new Change.Upsert(
                        view.id(number), view.embedding(number), OptionalLong.empty(), made(view.madeMillis(number)));
    }

    private static OptionalLong made(long millis) {
        return millis == EmbeddingFile.UNTOLD ? OptionalLong.empty() : OptionalLong.of(millis);
    }

    /**
     * None yet.
     *
     * @param release that takes spaces over
     * @param others what it brings itself
     */
    CarriedSpaces(Disk disk, Layout layout, StoreOpener opener, String release, Snapshot others) {
        this.others = others;
        this.columns = NewColumns.bySpace(files(others).toList());
        this.disk = disk;
        this.layout = layout;
        this.opener = opener;
        this.release = release;
    }

    /** Copies bases of a release that is open, and the changes up to now. */
    void begin(KeptRelease from, Set<String> spaces) throws IOException {
        Snapshot live = from.snapshot().orElseThrow();
        columns = NewColumns.bySpace(Stream.concat(
                        files(others), files(live).filter(file -> spaces.contains(file.space())))
                .toList());
        for (String space : spaces) {
            SpaceVersion version = live.space(space).orElseThrow();
            SpaceStream stream = from.streams().get(space);
            if (stream == null) {
                throw new IllegalStateException("a space of an open release takes changes: " + space);
            }
            copyBase(version);
            carried.put(space, new Carried(from.manifest(), version, stream));
        }
        new AttachedFiles(disk, layout.staging(release)).takeOver(new AttachedFiles(disk, layout.release(from.name())));
        follow();
    }

    private static Stream<EmbeddingFile> files(Snapshot snapshot) {
        return snapshot.spaces().stream().map(SpaceVersion::file);
    }

    /** By space of the release: what changes name beyond the columns of its files. */
    Map<String, NewColumns> columns() {
        return columns;
    }

    private void copyBase(SpaceVersion version) throws IOException {
        EmbeddingFile file = version.file();
        Path copy = layout.staging(release).resolve(Layout.fileName(file.space(), NUMBER));
        MemorySegment content = disk.map(file.path());
        AtomicFile.write(disk, copy, out -> out.writeFully(content));
        EmbeddingFile copied = ReleaseChecks.open(disk, version.space(), copy);
        if (!copied.checksum().equals(file.checksum())) {
            throw new Rejected(
                    "corrupt-embedding-file",
                    "%s is not the file that went live: checksum %s instead of %s"
                            .formatted(file.path().getFileName(), copied.checksum(), file.checksum()));
        }
    }

    /** Takes over what came since, and has it searchable. */
    void follow() throws IOException {
        for (Carried each : carried.values()) {
            each.follow();
            each.stream.cover(each.delta);
        }
    }

    /** A release's other spaces and these. */
    Snapshot with(Snapshot snapshot) {
        Snapshot all = snapshot;
        for (Carried each : carried.values()) {
            all = all.with(each.now());
        }
        return all;
    }

    /** Puts the release live while no change comes to any of the spaces, and the last that came are in it. */
    <T> T still(SpaceStream.Step<T> step) throws IOException {
        return still(carried.values().iterator(), step);
    }

    private <T> T still(Iterator<Carried> rest, SpaceStream.Step<T> step) throws IOException {
        if (!rest.hasNext()) {
            return step.run();
        }
        Carried each = rest.next();
        return each.stream.still(() -> {
            each.follow();
            return still(rest, step);
        });
    }

    /** The release's manifest with these spaces. */
    Manifest in(Manifest manifest) {
        Manifest all = manifest;
        for (Carried each : carried.values()) {
            all = all.withCarried(each.version.space().name(), each.base(), each.from);
        }
        return all;
    }

    /** The release, open, with these spaces taking changes. */
    KeptRelease in(KeptRelease begun) {
        Map<String, SpaceStream> streams = new TreeMap<>(begun.streams());
        carried.forEach((space, each) -> streams.put(
                space,
                opener.stream(
                        release,
                        each.version.space(),
                        each.log.movedTo(layout.log(release, space)),
                        each.delta,
                        each.highest,
                        each.items)));
        return KeptRelease.open(begun.manifest(), with(begun.snapshot().orElseThrow()), streams);
    }

    /** Removes from a staging directory what a publication that failed had carried there. */
    static void discard(Disk disk, Path staging) throws IOException {
        if (!disk.isDirectory(staging)) {
            return;
        }
        boolean found = false;
        for (Path path : disk.list(staging)) {
            String name = String.valueOf(path.getFileName());
            String space = name.substring(0, Math.max(0, name.indexOf('.')));
            if (name.endsWith(LogPlace.SUFFIX) || Layout.fileNumber(path, space).isPresent()) {
                disk.delete(path);
                found = true;
            }
        }
        if (found) {
            disk.syncDirectory(staging);
        }
    }
}
