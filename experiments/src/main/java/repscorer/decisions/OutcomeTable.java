package repscorer.decisions;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Outcomes to be found by their decision: sorted in memory as long as they are few, else in a file that is gone with this. Holds a run
 * of outcomes at most, then an id for each block of the file. For one thread.
 */
final class OutcomeTable implements Closeable {

    /*
     * Runs are sorted and written as they fill, then merged into one file; of the same decision, candidate and kind the one with the
     * latest time stays, of equal times the one that was taken last. A look-up reads one block, which is kept: decisions come almost
     * in the order of their ids, and so do their blocks.
     */

    static final int RUN_DEFAULT = 200_000;

    private static final int BLOCK_BYTES = 1 << 15;

    private static final Comparator<Outcome> BY_KEY = Comparator.comparing(Outcome::decision)
            .thenComparing(Outcome::candidate)
            .thenComparing(Outcome::kind);

    private final int runMax;
    private List<Outcome> run = new ArrayList<>();
    private final List<Path> runs = new ArrayList<>();
    private long repeated;
    private long size;

    private @Nullable Path file;
    private @Nullable FileChannel channel;
    private final List<String> firsts = new ArrayList<>();
    private final List<Long> offsets = new ArrayList<>();
    private int blockAt = -1;

    OutcomeTable(int runMax) {
        this.runMax = runMax;
    }

    void add(Outcome outcome) throws IOException {
        run.add(outcome);
        if (run.size() == runMax) {
            spill();
        }
    }

    private void spill() throws IOException {
        sortRun();
        Path spilled = Files.createTempFile("outcomes-", ".run");
        runs.add(spilled);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(spilled), 1 << 16)) {
            for (Outcome outcome : run) {
                out.write(OutcomeCodec.encode(outcome));
            }
        }
        run = new ArrayList<>();
    }

    /** Sorts, equal ones in the order they were taken in, and leaves of these the one that counts. */
    private void sortRun() {
        run.sort(BY_KEY.thenComparing(Outcome::time));
        List<Outcome> counted = new ArrayList<>(run.size());
        for (Outcome outcome : run) {
            if (!counted.isEmpty() && BY_KEY.compare(counted.getLast(), outcome) == 0) {
                counted.removeLast();
                repeated++;
            }
            counted.add(outcome);
        }
        run = counted;
    }

    /** Makes it ready to be asked; nothing is added after this. */
    void seal() throws IOException {
        if (runs.isEmpty()) {
            sortRun();
            size = run.size();
            return;
        }
        if (!run.isEmpty()) {
            spill();
        }
        merge();
    }

    private void merge() throws IOException {
        Path merged = Files.createTempFile("outcomes-", ".sorted");
        file = merged;
        List<Run> open = new ArrayList<>();
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(merged), 1 << 16)) {
            PriorityQueue<Run> heads = new PriorityQueue<>(Comparator.comparing(Run::head, BY_KEY)
                    .thenComparing(each -> each.head().time())
                    .thenComparingInt(Run::number));
            for (int i = 0; i < runs.size(); i++) {
                Run each = new Run(i, runs.get(i));
                open.add(each);
                if (each.advance()) {
                    heads.add(each);
                }
            }
            Outcome last = null;
            long offset = 0;
            long blockFrom = -BLOCK_BYTES;
            String lastDecision = "";
            for (Run next = heads.poll(); next != null; next = heads.poll()) {
                Outcome outcome = next.head();
                if (last != null) {
                    if (BY_KEY.compare(last, outcome) == 0) {
                        repeated++;
                    } else {
                        // A decision's outcomes are never in two blocks.
                        if (offset - blockFrom >= BLOCK_BYTES
                                && !last.decision().equals(lastDecision)) {
                            blockFrom = offset;
                            firsts.add(last.decision());
                            offsets.add(offset);
                        }
                        lastDecision = last.decision();
                        byte[] line = OutcomeCodec.encode(last);
                        out.write(line);
                        offset += line.length;
                        size++;
                    }
                }
                last = outcome;
                if (next.advance()) {
                    heads.add(next);
                }
            }
            if (last != null) {
                if (firsts.isEmpty()) {
                    firsts.add(last.decision());
                    offsets.add(0L);
                }
                byte[] line = OutcomeCodec.encode(last);
                out.write(line);
                offset += line.length;
                size++;
            }
            offsets.add(offset);
        } finally {
            for (Run each : open) {
                each.close();
            }
            for (Path each : runs) {
                Files.deleteIfExists(each);
            }
        }
        channel = FileChannel.open(merged);
    }

    /** One sorted run that is read. */
    private static final class Run implements Closeable {

        private final int number;
        private final InputStream in;
        private @Nullable Outcome head;

        Run(int number, Path file) throws IOException {
            this.number = number;
            this.in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        }

        int number() {
            return number;
        }

        Outcome head() {
            Outcome now = head;
            if (now == null) {
                throw new IllegalStateException("a run is asked for its head after it advanced");
            }
            return now;
        }

        boolean advance() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream(192);
            int next = in.read();
            while (next >= 0 && next != '\n') {
                line.write(next);
                next = in.read();
            }
            head = line.size() == 0 ? null : OutcomeCodec.decode(line.toByteArray());
            return head != null;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    /** What is kept of a decision, by candidate, then kind. O(log n), and a block read where the last one is another. */
    List<Outcome> of(String decision) throws IOException {
        FileChannel from = channel;
        if (from == null) {
            return slice(decision);
        }
        int at = Collections.binarySearch(firsts, decision);
        int wanted = at >= 0 ? at : -at - 2;
        if (wanted < 0) {
            return List.of();
        }
        if (wanted != blockAt) {
            ByteBuffer bytes = ByteBuffer.allocate((int) (offsets.get(wanted + 1) - offsets.get(wanted)));
            while (bytes.hasRemaining() && from.read(bytes, offsets.get(wanted) + bytes.position()) >= 0) {
                // until all is there
            }
            run = parse(bytes.array());
            blockAt = wanted;
        }
        return slice(decision);
    }

    private static List<Outcome> parse(byte[] lines) {
        List<Outcome> outcomes = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < lines.length; i++) {
            if (lines[i] == '\n') {
                outcomes.add(OutcomeCodec.decode(Arrays.copyOfRange(lines, from, i)));
                from = i + 1;
            }
        }
        return outcomes;
    }

    private List<Outcome> slice(String decision) {
        int low = 0;
        int high = run.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (run.get(middle).decision().compareTo(decision) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        int end = low;
        while (end < run.size() && run.get(end).decision().equals(decision)) {
            end++;
        }
        return List.copyOf(run.subList(low, end));
    }

    /** How many there are, each decision, candidate and kind once. */
    long size() {
        return size;
    }

    long repeated() {
        return repeated;
    }

    @Override
    public void close() throws IOException {
        FileChannel open = channel;
        if (open != null) {
            open.close();
        }
        Path sorted = file;
        if (sorted != null) {
            Files.deleteIfExists(sorted);
        }
        for (Path each : runs) {
            Files.deleteIfExists(each);
        }
    }
}
