package repscorer.upstream;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import repscorer.resilience.ResilientHttp;

/** Keeps answers for a while, and sends one fetch for an embedding however many ask for it at once. */
final class CachedUpstreamEmbeddings implements UpstreamEmbeddings {

    /*
     *   age of an embedding   0 ......... refreshAfter ......... foundTtl
     *   a call                answers it   answers it and renews   fetches and waits
     *
     * A fetch runs on a virtual thread of its own with the configured budget, and its callers wait for it each within their
     * own: an impatient first caller does not fail the patient ones behind it, and what arrives late is there for the next.
     *
     * One fetch per key: the map of fetches is asked before the cache is asked a second time, and a fetch fills the cache
     * before it leaves the map. So whoever finds no fetch under way finds its answer in the cache, or none was sent.
     *
     * Unavailable is never kept. While the service fails, misses are bounded by fetchesMax, the bulkhead and the breaker, and
     * renewals of one embedding by refreshPause; what is kept is answered until foundTtl.
     */

    private static final int ENTRY_BYTES = 200;

    private final HttpUpstreamEmbeddings origin;
    private final UpstreamConfig config;
    private final Ticker ticker;
    private final RandomGenerator random;
    private final ExecutorService executor;
    private final Cache<EmbeddingQuery, Entry> cache;
    private final ConcurrentHashMap<EmbeddingQuery, CompletableFuture<UpstreamAnswer>> fetching =
            new ConcurrentHashMap<>();

    private final LongAdder hits = new LongAdder();
    private final LongAdder hitsMissing = new LongAdder();
    private final LongAdder hitsStale = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder joined = new LongAdder();
    private final LongAdder fetches = new LongAdder();

    CachedUpstreamEmbeddings(
            HttpUpstreamEmbeddings origin,
            UpstreamConfig config,
            Ticker ticker,
            RandomGenerator random,
            ExecutorService executor) {
        this.origin = origin;
        this.config = config;
        this.ticker = ticker;
        this.random = random;
        this.executor = executor;
        this.cache = Caffeine.newBuilder()
                .ticker(ticker)
                .executor(Runnable::run)
                .maximumWeight(config.cache().bytesMax())
                .weigher((EmbeddingQuery query, Entry entry) -> bytes(query, entry.answer))
                .expireAfter(Expiry.writing((EmbeddingQuery query, Entry entry) -> Duration.ofNanos(entry.ttlNanos)))
                .build();
    }

    static CachedUpstreamEmbeddings of(HttpUpstreamEmbeddings origin, UpstreamConfig config) {
        return new CachedUpstreamEmbeddings(
                origin,
                config,
                Ticker.systemTicker(),
                () -> ThreadLocalRandom.current().nextLong(),
                Executors.newVirtualThreadPerTaskExecutor());
    }

    @Override
    public UpstreamAnswer fetch(EmbeddingQuery query, Duration budget) {
        Entry entry = cache.getIfPresent(query);
        if (entry == null) {
            misses.increment();
            return await(fetching(query, true), query, budget);
        }
        hits.increment();
        if (entry.answer instanceof UpstreamAnswer.Missing) {
            hitsMissing.increment();
        }
        if (entry.isStale(ticker.read())) {
            hitsStale.increment();
            @SuppressWarnings("UnnamedVariable") // the formatter does not know _ where Maven runs on an older JDK
            var unused = fetching(query, false);
        }
        return entry.answer;
    }

    @Override
    public void forget(Predicate<String> ids) {
        cache.asMap().keySet().removeIf(query -> ids.test(query.id()));
    }

    @Override
    public UpstreamStats stats() {
        return new UpstreamStats(
                hits.sum(),
                hitsMissing.sum(),
                hitsStale.sum(),
                misses.sum(),
                joined.sum(),
                fetches.sum(),
                cache.estimatedSize(),
                origin.stats());
    }

    /** Breaks off fetches; what is kept is answered on. */
    @Override
    public void close() {
        executor.shutdownNow();
        origin.close();
    }

    /** The fetch under way for the query, sent now if there is none. */
    private CompletableFuture<UpstreamAnswer> fetching(EmbeddingQuery query, boolean waiting) {
        CompletableFuture<UpstreamAnswer> mine = new CompletableFuture<>();
        CompletableFuture<UpstreamAnswer> running = fetching.putIfAbsent(query, mine);
        if (running != null) {
            if (waiting) {
                joined.increment();
            }
            return running;
        }
        Entry entry = cache.getIfPresent(query);
        if (entry != null && !entry.isStale(ticker.read())) {
            finish(query, mine, entry.answer);
        } else if (fetching.mappingCount() > config.fetchesMax()) {
            finish(
                    query,
                    mine,
                    unavailable(
                            String.format(Locale.ROOT, "fetches-max: %,d fetches are under way", config.fetchesMax()),
                            query));
        } else {
            try {
                executor.execute(() -> run(query, mine));
                fetches.increment();
            } catch (RejectedExecutionException e) {
                finish(query, mine, unavailable("the client is closed", query));
            }
        }
        return mine;
    }

    private void run(EmbeddingQuery query, CompletableFuture<UpstreamAnswer> mine) {
        UpstreamAnswer answer = unavailable("the fetch broke off", query);
        try {
            answer = origin.fetch(query, config.fetchBudget());
            keep(query, answer);
        } finally {
            finish(query, mine, answer);
        }
    }

    private void keep(EmbeddingQuery query, UpstreamAnswer answer) {
        UpstreamConfig.Cache times = config.cache();
        long now = ticker.read();
        switch (answer) {
            case UpstreamAnswer.Found found -> {
                long ttlNanos = jittered(times.foundTtl());
                long refreshNanos =
                        times.refreshAfter().equals(times.foundTtl()) ? ttlNanos : jittered(times.refreshAfter());
                cache.put(query, new Entry(found, ttlNanos, now + Math.min(ttlNanos, refreshNanos)));
            }
            case UpstreamAnswer.Missing missing -> {
                long ttlNanos = jittered(times.missingTtl());
                cache.put(query, new Entry(missing, ttlNanos, now + ttlNanos));
            }
            case UpstreamAnswer.Unavailable unavailable -> {
                Entry kept = cache.getIfPresent(query);
                if (kept != null) {
                    kept.refreshAtNanos = now + times.refreshPause().toNanos();
                }
            }
        }
    }

    private void finish(EmbeddingQuery query, CompletableFuture<UpstreamAnswer> mine, UpstreamAnswer answer) {
        fetching.remove(query, mine);
        mine.complete(answer);
    }

    private static UpstreamAnswer await(
            CompletableFuture<UpstreamAnswer> fetch, EmbeddingQuery query, Duration budget) {
        try {
            return fetch.get(ResilientHttp.nanos(budget), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return new UpstreamAnswer.Unavailable(
                    "no answer within the budget of %s ms (%s)".formatted(budget.toMillis(), query), true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unavailable("the waiting thread was interrupted", query);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a fetch completes by a value", e);
        }
    }

    private long jittered(Duration time) {
        double share = config.cache().jitterPercent() / 100.0 * random.nextDouble();
        return Math.max(1, (long) (time.toNanos() * (1 - share)));
    }

    private static int bytes(EmbeddingQuery query, UpstreamAnswer answer) {
        int texts =
                query.space().length() + query.id().length() + query.release().length();
        return ENTRY_BYTES
                + texts
                + switch (answer) {
                    case UpstreamAnswer.Found.Dense dense -> Float.BYTES * dense.values().length;
                    case UpstreamAnswer.Found.Sparse sparse -> (Integer.BYTES + Float.BYTES) * sparse.columns().length;
                    case UpstreamAnswer.Missing missing -> 0;
                    case UpstreamAnswer.Unavailable unavailable -> 0;
                };
    }

    private static UpstreamAnswer unavailable(String why, EmbeddingQuery query) {
        return new UpstreamAnswer.Unavailable("%s (%s)".formatted(why, query), false);
    }

    /** An answer and its times. */
    private static final class Entry {
        private final UpstreamAnswer answer;
        private final long ttlNanos;
        private volatile long refreshAtNanos;

        Entry(UpstreamAnswer answer, long ttlNanos, long refreshAtNanos) {
            this.answer = answer;
            this.ttlNanos = ttlNanos;
            this.refreshAtNanos = refreshAtNanos;
        }

        boolean isStale(long nowNanos) {
            return nowNanos - refreshAtNanos >= 0;
        }
    }
}
