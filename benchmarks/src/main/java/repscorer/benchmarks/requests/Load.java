package repscorer.benchmarks.requests;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Callers of one path of a service, each with a body drawn by chance. */
final class Load {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final URI address;
    private final List<byte[]> bodies;

    Load(URI address, List<byte[]> bodies) {
        this.address = address;
        this.bodies = bodies;
    }

    /** Latencies of what was answered with 200, in nanoseconds and sorted, and how many requests were not. */
    record Latencies(long[] nanos, int failed) {

        double millis(double quantile) {
            int rank = (int) Math.ceil(quantile * nanos.length);
            return nanos.length == 0 ? Double.NaN : nanos[Math.max(0, rank - 1)] / 1e6;
        }
    }

    /** Each caller asks again as soon as it is answered. */
    Latencies closed(int callers, double seconds) throws InterruptedException {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        Recorder recorder = new Recorder();
        try (HttpClient http = client();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < callers; i++) {
                threads.execute(() -> {
                    while (System.nanoTime() < end) {
                        recorder.ask(http, System.nanoTime());
                    }
                });
            }
        }
        return recorder.latencies();
    }

    /** Requests come at their times whether or not earlier ones are answered; each waits from the time it should have been sent. */
    Latencies open(double rate, double seconds) throws InterruptedException {
        Recorder recorder = new Recorder();
        long start = System.nanoTime();
        try (HttpClient http = client();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (long i = 0; i < rate * seconds; i++) {
                long due = start + (long) (i * 1e9 / rate);
                long wait = due - System.nanoTime();
                if (wait > 0) {
                    Thread.sleep(Duration.ofNanos(wait));
                }
                threads.execute(() -> recorder.ask(http, due));
            }
        }
        return recorder.latencies();
    }

    private static HttpClient client() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    private final class Recorder {

        private long[] nanos = new long[1 << 16];
        private int answered;
        private final AtomicInteger failed = new AtomicInteger();

        void ask(HttpClient http, long since) {
            byte[] body = bodies.get(ThreadLocalRandom.current().nextInt(bodies.size()));
            HttpRequest request = HttpRequest.newBuilder(address)
                    .timeout(PATIENCE)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofByteArray(body))
                    .build();
            try {
                HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
                if (response.statusCode() == 200) {
                    record(System.nanoTime() - since);
                } else {
                    failed.incrementAndGet();
                }
            } catch (IOException e) {
                failed.incrementAndGet();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private synchronized void record(long latency) {
            if (answered == nanos.length) {
                nanos = Arrays.copyOf(nanos, 2 * answered);
            }
            nanos[answered++] = latency;
        }

        synchronized Latencies latencies() {
            long[] sorted = Arrays.copyOf(nanos, answered);
            Arrays.sort(sorted);
            return new Latencies(sorted, failed.get());
        }
    }
}
