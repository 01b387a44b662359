package repscorer.api.erasure;

import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import repscorer.api.decisions.ErasableDecisions;
import repscorer.api.engine.SignalLink;
import repscorer.api.engine.StoreDirectory;
import repscorer.api.engine.UpstreamLink;
import repscorer.api.security.Secrets;
import repscorer.core.disk.Disk;
import repscorer.core.disk.StorageFailures;
import repscorer.core.entity.EntityId;
import repscorer.core.erasure.ErasedSubjects;
import repscorer.core.erasure.Erasure;
import repscorer.core.erasure.ErasureMark;
import repscorer.core.erasure.Sought;
import repscorer.core.failure.ScorerException;
import repscorer.core.failure.ScorerException.NotFound;
import repscorer.core.signal.SignalStore;
import repscorer.core.store.PublicationListener;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.StoreErasure.Looked;
import repscorer.decisions.LogErasure;

/**
 * Erases subjects: written down first, out of sight before the caller is answered, and out of every file by a thread that begins
 * where it was when the service starts again. Safe for concurrent use.
 */
@Component
public final class Erasures implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Erasures.class);

    /** After a failure so long passes before it is tried again. */
    private static final long PAUSE_MILLIS = 10_000;

    private static final Duration CLOSE_MAX = Duration.ofSeconds(5);

    private final ErasedSubjects subjects;
    private final RepresentationStore store;
    private final SignalStore signals;
    private final SignalLink signalLink;
    private final UpstreamLink upstream;
    private final ErasableDecisions decisions;
    private final OtherFiles others;
    private final Disk disk = Disk.LOCAL;
    private final StoreDirectory directory;
    private final InstantSource time = InstantSource.system();
    private final Map<Long, List<EntityId>> known = new ConcurrentHashMap<>(); // ids of erasures that are not done
    private final Set<Long> visible = new ConcurrentSkipListSet<>(); // erasures whose subjects may still answer
    private final Object wake = new Object();
    private final Thread thread;
    private volatile boolean closing;

    Erasures(
            ErasedSubjects subjects,
            RepresentationStore store,
            SignalStore signals,
            SignalLink signalLink,
            UpstreamLink upstream,
            ErasableDecisions decisions,
            StoreDirectory directory)
            throws IOException {
        this.subjects = subjects;
        this.store = store;
        this.signals = signals;
        this.signalLink = signalLink;
        this.upstream = upstream;
        this.decisions = decisions;
        this.directory = directory;
        this.others = new OtherFiles(directory.data());
        Secrets.hide(directory.data().resolve("erasures").resolve(ErasedSubjects.KEY_FILE));
        this.thread = Thread.ofPlatform().daemon().name("erasures").start(this::run);
    }

    /** In the order they were asked for. */
    List<Erasure> list() {
        return subjects.list();
    }

    /** @throws NotFound where there is no such receipt */
    Erasure find(String receipt) {
        return subjects.find(receipt)
                .orElseThrow(() -> new NotFound("unknown-erasure", "there is no erasure '%s'".formatted(receipt)));
    }

    /**
     * Erases subjects. On return that is on the device, and they answer nothing.
     *
     * @param units what they are assigned by, where that is no id
     * @throws repscorer.core.failure.ScorerException.Storage when the disk is full or fails; where the erasure is in the list then, it goes on
     */
    Erasure erase(List<EntityId> ids, List<String> units, String by, String reason) {
        Set<String> texts = new LinkedHashSet<>();
        ids.forEach(id -> texts.add(id.toString()));
        texts.addAll(units);
        Set<String> kinds = ids.stream().map(id -> id.kind().name()).collect(Collectors.toSet());
        Erasure erasure;
        try {
            erasure = add(decisions.written(List.copyOf(texts)), kinds, by, reason, ids);
        } catch (IOException e) {
            throw StorageFailures.of(disk, directory.data(), "the erasure was not written down", e);
        }
        try {
            hide();
        } finally {
            synchronized (wake) {
                wake.notifyAll();
            }
        }
        LOG.info("erasure {} of {} ids was asked for by {}", erasure.receipt(), ids.size(), by);
        return erasure;
    }

    private synchronized Erasure add(
            List<String> texts, Set<String> kinds, String by, String reason, List<EntityId> ids) throws IOException {
        Erasure erasure = subjects.add(texts, kinds, by, reason, Instant.ofEpochMilli(time.millis()));
        known.put(erasure.number(), List.copyOf(ids));
        visible.add(erasure.number());
        return erasure;
    }

    /** One after the other: what is deleted of one says that those before it are. */
    private synchronized void hide() {
        for (long number : List.copyOf(visible)) {
            Erasure erasure = subjects.list().stream()
                    .filter(each -> each.number() == number)
                    .findFirst()
                    .orElseThrow();
            Sought sought = subjects.of(erasure).known(known.getOrDefault(number, List.of()));
            store.erasure().hide(sought, number);
            signals.hide(sought);
            upstream.forget(sought);
            signalLink.forget();
            visible.remove(number);
        }
    }

    private void run() {
        while (!closing) {
            ErasureMark mark = store.erasure().mark();
            long last = subjects.last();
            List<Erasure> pending = subjects.list().stream()
                    .filter(each -> each.number() > mark.through())
                    .toList();
            try {
                if (!pending.isEmpty()) {
                    carryOut(pending, last);
                } else {
                    await(0, last);
                }
            } catch (InterruptedException e) {
                return; // it is closed
            } catch (ScorerException | IOException | IllegalStateException e) {
                failed(pending, e);
            } catch (RuntimeException e) {
                LOG.error("an erasure failed, and is tried again", e);
                failed(pending, e);
            }
        }
    }

    private void failed(List<Erasure> pending, Exception e) {
        if (closing) {
            return;
        }
        LOG.warn("erasures wait: {}", e.getMessage());
        try {
            for (Erasure each : pending) {
                subjects.waiting(each.receipt(), directory.told(String.valueOf(e.getMessage())));
            }
            await(PAUSE_MILLIS, Long.MAX_VALUE);
        } catch (IOException again) {
            LOG.warn("that could not be noted: {}", again.getMessage());
            pause();
        } catch (InterruptedException again) {
            Thread.currentThread().interrupt();
        }
    }

    private void pause() {
        try {
            await(PAUSE_MILLIS, Long.MAX_VALUE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until somebody else is erased, or for a time. */
    private void await(long millis, long last) throws InterruptedException {
        synchronized (wake) {
            if (!closing && subjects.last() <= last) {
                wake.wait(millis);
            }
        }
    }

    private void carryOut(List<Erasure> pending, long last) throws IOException, InterruptedException {
        Sought sought = sought(pending);
        hide();
        store.erasure().rewrite(sought, PublicationListener.NONE, (place, words) -> note(pending, place, words));
        signals.erase(sought);
        note(pending, "signals", "written anew");
        upstream.forget(sought); // what was under way when they were hidden
        note(pending, "caches", "nothing there");
        Optional<LogErasure.Result> lines = decisions.erase(sought);
        note(
                pending,
                "decisions and outcomes",
                lines.map(each -> "%s lines of %s files".formatted(each.lines(), each.files()))
                        .orElse("none are kept"));
        if (closing) {
            throw new InterruptedException("the service ends");
        }
        store.erasure().mark().carriedOut(last);
        for (Erasure each : pending) {
            if (subjects.find(each.receipt()).orElseThrow().done().isEmpty()) {
                subjects.done(each.receipt(), Instant.ofEpochMilli(time.millis()));
                LOG.info("erasure {} is done", each.receipt());
            }
            known.remove(each.number());
        }
    }

    /** By their ids where all are at hand; of those that an earlier process was asked for only digests are left. */
    private Sought sought(List<Erasure> pending) {
        Sought sought = subjects.since(pending.getFirst().number() - 1);
        List<EntityId> ids = new ArrayList<>();
        for (Erasure each : pending) {
            List<EntityId> own = known.get(each.number());
            if (own == null) {
                return sought;
            }
            ids.addAll(own);
        }
        return sought.known(ids);
    }

    private void note(List<Erasure> pending, String place, String words) throws IOException {
        for (Erasure each : pending) {
            subjects.note(each.receipt(), place, words);
        }
    }

    /** Looks for an erasure's subjects everywhere again. Reads every file, and takes as long as that. */
    List<Looked> check(Erasure erasure) {
        Sought sought = subjects.of(erasure);
        List<Looked> looked = new ArrayList<>();
        try {
            store.erasure()
                    .look(sought)
                    .forEach(each -> looked.add(new Looked("store/" + each.place(), each.files(), each.found())));
            looked.add(new Looked("store/signals", 1, signals.look(sought)));
            decisions
                    .look(sought)
                    .ifPresent(each -> looked.add(new Looked("decisions and outcomes", each.files(), each.lines())));
            looked.add(others.look(sought));
        } catch (IOException e) {
            throw StorageFailures.of(disk, directory.data(), "not every place could be looked through", e);
        }
        return looked;
    }

    /** Ends the thread; what is not done goes on at the next start. */
    @Override
    @PreDestroy
    public void close() {
        closing = true;
        synchronized (wake) {
            wake.notifyAll();
        }
        try {
            if (!thread.join(CLOSE_MAX)) {
                thread.interrupt(); // where it waits for a build; a file that is being written is left for the next
                // start
                thread.join(CLOSE_MAX);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
