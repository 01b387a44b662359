package repscorer.cli.sizing;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import repscorer.api.config.ServiceSettings.Store;
import repscorer.core.sizing.ReleaseSize;
import repscorer.core.sizing.SpaceSize;

/** Prints sizes for a person: a row for each space, then what a service of them needs. */
public final class SizePrinter {

    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};
    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

    /** Compactions that write more a second than this are worth a warning. */
    private static final double WRITTEN_PER_SECOND_MAX = 100e6;

    private final PrintStream out;
    private final Store store;

    /** @param store what the configuration says of releases and compactions */
    public SizePrinter(PrintStream out, Store store) {
        this.out = out;
        this.store = store;
    }

    /** @param times of the graphs' builds, by space; none where they were not measured */
    public void print(ReleaseSize release, Map<String, BuildTime> times) {
        int width = Math.max(
                "ids of a kind".length(),
                release.spaces().stream()
                        .mapToInt(size -> size.space().name().length())
                        .max()
                        .orElse(0));
        line(width, "space", "rows", "rows on disk", "index on disk", "index", "of the heap", "to build");
        for (SpaceSize size : release.spaces()) {
            BuildTime time = times.get(size.space().name());
            line(
                    width,
                    size.space().name(),
                    String.format(Locale.ROOT, "%,d", size.counts().rows()),
                    bytes(size.file()),
                    bytes(size.derived()),
                    bytes(size.offHeap()),
                    bytes(size.heap()),
                    time == null ? "-" : time(time));
        }
        line(width, "ids of a kind", "", "", "", "", bytes(release.numbers()), "");
        out.println();
        out.printf("a release: %s on disk, %s of memory:%n", bytes(release.disk()), bytes(release.memory()));
        out.printf(
                "  %s mapped, %s of indexes outside the heap, %s of the heap%n",
                bytes(release.mapped()), bytes(release.offHeap()), bytes(release.heap()));
        out.printf(
                "while the next is published: %s on disk, %s of memory; REPSCORER_JAVA_OPTS=-Xmx%sm%n",
                bytes(2 * release.disk()), bytes(2 * release.memory()), heapMegabytes(release));
        out.printf(
                "with %s kept beside both (store.releases-kept): %s on disk; %s of memory where all are asked for%n",
                store.releasesKept(),
                bytes((store.releasesKept() + 2L) * release.disk()),
                bytes((store.releasesKept() + 2L) * release.memory()));
    }

    /** Room for two releases, as much again for what requests hold, and what any service takes. */
    private static long heapMegabytes(ReleaseSize release) {
        return 512 + 4 * release.heap() / (1 << 20);
    }

    /** What streamed changes to a space come to. */
    public void changes(SpaceSize size, double perSecond) {
        double seconds = store.compactionChanges() / perSecond;
        double written = size.disk() / seconds;
        out.printf(
                Locale.ROOT,
                "%s: %,.0f changes a second make a log of %s until they are compacted, every %s (store.compaction-changes: %s); a compaction writes %s%n",
                size.space().name(),
                perSecond,
                bytes((long) (size.changeBytes() * store.compactionChanges())),
                duration(seconds),
                store.compactionChanges(),
                bytes(size.disk()));
        if (written > WRITTEN_PER_SECOND_MAX) {
            long enough = (long) Math.ceil(size.disk() / WRITTEN_PER_SECOND_MAX * perSecond);
            out.printf(
                    Locale.ROOT,
                    "  that is %s a second: store.compaction-changes of %,d makes it %s%n",
                    bytes((long) written),
                    Math.min(10_000_000, enough),
                    bytes((long) (size.disk() * perSecond / Math.min(10_000_000, enough))));
        }
    }

    private void line(int width, String name, String... cells) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-" + width + "s", name));
        for (String cell : cells) {
            line.append(String.format(Locale.ROOT, "  %13s", cell));
        }
        out.println(line.toString().stripTrailing());
    }

    private static String time(BuildTime time) {
        return duration(time.cpuSeconds() / PROCESSORS);
    }

    private static String duration(double seconds) {
        if (seconds < 120) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        return seconds < 7200
                ? String.format(Locale.ROOT, "%.0f min", seconds / 60)
                : String.format(Locale.ROOT, "%.1f h", seconds / 3600);
    }

    private static String bytes(long bytes) {
        if (bytes == 0) {
            return "-";
        }
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, UNITS[unit]);
    }
}
