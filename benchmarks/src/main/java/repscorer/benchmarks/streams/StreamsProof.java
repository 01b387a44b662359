package repscorer.benchmarks.streams;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import repscorer.benchmarks.proof.Proof;
import repscorer.benchmarks.proof.ScratchDirectory;
import repscorer.benchmarks.reliability.Quiet;
import repscorer.benchmarks.streams.ItemService.Look;
import repscorer.testing.kafka.TestBroker;

/**
 * Changes through a real broker, while the service is killed: each is counted once, values never go back, and each item ends at its last.
 * Then, with nobody killed, how long a change takes from its sending to an answer that holds it.
 */
public final class StreamsProof implements Proof {

    private static final long CHANGES = 1_000_000;
    private static final int KILLS = 10;
    private static final int KILLED_SECONDS = 200; // each start takes some of them
    private static final int STEADY_PER_SECOND = 5_000;
    private static final int STEADY_SECONDS = 60;
    private static final int PROBES = 400;
    private static final double MILLIS_MOST = 250;
    private static final int PARTITIONS = 4;
    private static final String TOPIC = "items";
    private static final long SEED = 20_261_129;
    private static final long WAIT_NANOS = 600_000_000_000L;
    private static final int WATCHED = 100;
    private static final int LOOK_ITEMS = 5_000;

    /** A thread of its own: the client needs the common pool, which has one thread on two processors. */
    private static final Executor SENDER =
            task -> Thread.ofPlatform().daemon().name("sender").start(task);

    /** Not among those that are changed at random. */
    private static final int PROBE = 0;

    @Override
    public String name() {
        return "streams";
    }

    @Override
    public String claim() {
        return "changes from a topic are taken once and in order under %s kills, and visible in %s ms at p99 at %s a second (--rows N, default %s; minutes)"
                .formatted(KILLS, Math.round(MILLIS_MOST), STEADY_PER_SECOND, CHANGES);
    }

    @Override
    public boolean holds(PrintStream out) throws Exception {
        return holds(out, CHANGES);
    }

    @Override
    public boolean holds(PrintStream out, long changes) throws Exception {
        Quiet.peers();
        try (ScratchDirectory scratch = ScratchDirectory.create("repscorer-streams");
                TestBroker broker = TestBroker.start(scratch.path().resolve("broker"))) {
            broker.createTopic(TOPIC, PARTITIONS, Map.of());
            try (ItemService service = ItemService.start(scratch.path(), broker.servers(), TOPIC);
                    Producer<byte[], byte[]> producer = broker.producer()) {
                String broken = killed(out, service, producer, changes);
                double millis = broken.isEmpty() ? steady(service, producer) : Double.NaN;
                out.printf(
                        Locale.ROOT,
                        "%s changes, %s kills: %s; visible in %.0f ms at p99 at %s a second (at most %.0f)%n",
                        changes,
                        KILLS,
                        broken.isEmpty() ? "each taken once, in order" : broken,
                        millis,
                        STEADY_PER_SECOND,
                        MILLIS_MOST);
                return broken.isEmpty() && millis <= MILLIS_MOST;
            }
        }
    }

    /** Answers what is wrong, or nothing. */
    private static String killed(PrintStream out, ItemService service, Producer<byte[], byte[]> producer, long changes)
            throws Exception {
        float[] last = new float[ItemService.ITEMS];
        Arrays.fill(last, -1);
        CompletableFuture<Void> sent = CompletableFuture.runAsync(
                () -> send(producer, changes, Math.max(1, (int) (changes / KILLED_SECONDS)), last, new AtomicBoolean()),
                SENDER);
        float[] seen = new float[WATCHED];
        Arrays.fill(seen, -1);
        int kills = 0;
        long end = System.nanoTime() + WAIT_NANOS;
        long count = 0;
        while (count < changes || !sent.isDone()) {
            Look look = service.look(1, 1 + WATCHED);
            for (int i = 0; i < WATCHED; i++) {
                if (look.firsts()[i] < seen[i]) {
                    return "item %s went back from %s to %s".formatted(1 + i, seen[i], look.firsts()[i]);
                }
                seen[i] = look.firsts()[i];
            }
            if (look.changes() < count) {
                return "%s changes were there, and then %s".formatted(count, look.changes());
            }
            count = look.changes();
            if (kills < KILLS && count >= (kills + 1) * changes / (KILLS + 1)) {
                service.kill();
                kills++;
                out.printf("%s changes: killed%n", count);
            }
            if (System.nanoTime() > end) {
                return "after ten minutes %s changes are there".formatted(count);
            }
            Thread.sleep(20);
        }
        sent.join();
        if (kills < KILLS) {
            return "there was time for %s kills only".formatted(kills);
        }
        return differences(service, changes, last);
    }

    private static String differences(ItemService service, long changes, float[] last) {
        int wrong = 0;
        long count = 0;
        for (int from = 0; from < ItemService.ITEMS; from += LOOK_ITEMS) {
            Look look = service.look(from, from + LOOK_ITEMS);
            for (int i = 0; i < LOOK_ITEMS; i++) {
                wrong += look.firsts()[i] == last[from + i] ? 0 : 1;
            }
            count = look.changes();
        }
        return count == changes && wrong == 0
                ? ""
                : "%s changes are there, and %s items are not at their last".formatted(count, wrong);
    }

    /** Sends changes to items at random, each the number of its change, until there are enough or it is told to stop. */
    private static void send(
            Producer<byte[], byte[]> producer, long changes, int perSecond, float[] last, AtomicBoolean stop) {
        SplittableRandom random = new SplittableRandom(SEED);
        long begun = System.nanoTime();
        for (long number = 0; number < changes && !stop.get(); number++) {
            long due = begun + number * 1_000_000_000L / perSecond;
            while (due - System.nanoTime() > 1_000_000) {
                LockSupport.parkNanos(1_000_000);
            }
            int item = 1 + random.nextInt(ItemService.ITEMS - 1);
            last[item] = (float) number;
            Future<RecordMetadata> unused = producer.send(record(item, (float) number));
        }
        producer.flush();
    }

    private static ProducerRecord<byte[], byte[]> record(int item, float first) {
        String id = "item:" + item;
        String line = "{\"id\":\"%s\",\"vector\":%s}".formatted(id, Arrays.toString(ItemService.row(item, first)));
        return new ProducerRecord<>(TOPIC, id.getBytes(StandardCharsets.UTF_8), line.getBytes(StandardCharsets.UTF_8));
    }

    /** The milliseconds at p99 from sending a change to an answer that holds it, beside a steady stream of others. */
    private static double steady(ItemService service, Producer<byte[], byte[]> producer) throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Void> sent = CompletableFuture.runAsync(
                () -> send(
                        producer,
                        (long) STEADY_PER_SECOND * STEADY_SECONDS,
                        STEADY_PER_SECOND,
                        new float[ItemService.ITEMS],
                        stop),
                SENDER);
        double[] millis = new double[PROBES];
        for (int probe = 0; probe < PROBES; probe++) {
            long begun = System.nanoTime();
            Future<RecordMetadata> unused = producer.send(record(PROBE, probe));
            while (service.look(PROBE, PROBE + 1).firsts()[0] < probe) {
                Thread.sleep(1);
            }
            millis[probe] = (System.nanoTime() - begun) / 1e6;
            Thread.sleep(50);
        }
        stop.set(true);
        sent.join();
        Arrays.sort(millis);
        return millis[(int) Math.ceil(0.99 * PROBES) - 1];
    }
}
