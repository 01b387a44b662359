package repscorer.imports;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** What the imports of a process hold until their files are written, held to a bound. Safe for concurrent use. */
final class ImportMemory {

    /** Half of the heap for ids and sparse rows, half of the machine's memory for dense values, which lie beside the heap. */
    static final ImportMemory SHARED = new ImportMemory(Runtime.getRuntime().maxMemory() / 2, machine() / 2);

    private final long heapMax;
    private final long besideMax;
    private final AtomicLong heap = new AtomicLong();
    private final AtomicLong beside = new AtomicLong();

    ImportMemory(long heapMax, long besideMax) {
        this.heapMax = heapMax;
        this.besideMax = besideMax;
    }

    private static long machine() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : Long.MAX_VALUE;
    }

    Share share() {
        return new Share();
    }

    /** What one import holds, until it is closed. For one thread. */
    final class Share implements AutoCloseable {

        private long heapTaken;
        private long besideTaken;

        /**
         * @param onHeap bytes of ids and entries
         * @param besideHeap bytes of values
         * @throws UncheckedIOException when there is no room; the import ends
         */
        void take(long row, long onHeap, long besideHeap) {
            heapTaken += onHeap;
            besideTaken += besideHeap;
            if (heap.addAndGet(onHeap) > heapMax) {
                throw full(row, "ids and entries", heapMax, "give it more with -Xmx");
            }
            if (beside.addAndGet(besideHeap) > besideMax) {
                throw full(row, "values", besideMax, "the machine has no more");
            }
        }

        private static UncheckedIOException full(long row, String what, long bytesMax, String remedy) {
            return new UncheckedIOException(new IOException(String.format(
                    Locale.ROOT,
                    "at row %d its %s need more than the %d MiB that this process has for imports; %s",
                    row,
                    what,
                    bytesMax >> 20,
                    remedy)));
        }

        @Override
        public void close() {
            heap.addAndGet(-heapTaken);
            beside.addAndGet(-besideTaken);
        }
    }
}
