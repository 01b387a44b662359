package repscorer.core.signal;

import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import repscorer.core.disk.Disk;
import repscorer.core.disk.StorageFailures;
import repscorer.core.entity.EntityId;
import repscorer.core.erasure.ErasedSubjects;
import repscorer.core.erasure.Sought;
import repscorer.core.failure.Finding;
import repscorer.core.failure.ScorerException.Overloaded;
import repscorer.core.log.GroupCommit;
import repscorer.core.log.LogPlace;

/**
 * The signals pushed to this service: the latest of each user and type, in memory and in a log. Safe for concurrent use; a push
 * that returned is on the device and seen by every read that begins afterwards.
 */
public final class SignalStore implements SignalSource, AutoCloseable {

    /*
     * A group of pushes is appended to the log, then applied, by whoever has the turn: memory holds what a restart makes of the
     * log, for both know one order. What is taken back is gone whatever its time; a later push of an older signal stays.
     */

    private static final System.Logger LOG = System.getLogger(SignalStore.class.getName());

    private static final Duration LATE_MAX = Duration.ofMinutes(5);

    /** How often the whole store is looked through for signals that are too old, where it is full. */
    private static final Duration SWEPT_EVERY = Duration.ofMinutes(1);

    private volatile SignalTypes types;
    private volatile ErasedSubjects subjects = ErasedSubjects.none();
    private final SignalLimits limits;
    private final InstantSource time;
    private final Disk disk;
    private final Path directory;
    private final List<Finding> findings = new CopyOnWriteArrayList<>();
    private final Map<EntityId, UserSignals> users = new ConcurrentHashMap<>();
    private final AtomicLong signals = new AtomicLong();
    private final ReentrantLock turn = new ReentrantLock();
    private final GroupCommit<Batch> groups = new GroupCommit<>(turn, batch -> batch.pushes.size(), this::commit);

    /* Guarded by the turn. */
    private @Nullable SignalLog log;
    private long sweptAt = Long.MIN_VALUE;
    private long compactedFrom; // signals in the log

    /** What one caller pushed. */
    private static final class Batch {
        final List<SignalPush> pushes;

        @Nullable
        Overloaded refusal;

        Batch(List<SignalPush> pushes) {
            this.pushes = pushes;
        }
    }

    private SignalStore(
            Disk disk, Path directory, Collection<SignalType> types, SignalLimits limits, InstantSource time) {
        this.types = new SignalTypes(types);
        this.disk = disk;
        this.directory = directory;
        this.limits = limits;
        this.compactedFrom = limits.compactedMin();
        this.time = time;
    }

    /** A store that forgets everything when the process ends. */
    public static SignalStore inMemory(Collection<SignalType> types, int usersMax, InstantSource time) {
        return new SignalStore(Disk.LOCAL, Path.of(""), types, SignalLimits.ofUsers(usersMax), time);
    }

    /**
     * Opens a store over a log, which is made where there is none.
     *
     * @param directory of the log alone
     * @param earlier where signals were kept as lines of text; they come into the log, and the file is set aside
     * @param time what ages are counted to
     * @throws repscorer.core.failure.ScorerException.Storage when the log cannot be read or made
     */
    public static SignalStore open(
            Disk disk,
            Path directory,
            Path earlier,
            Collection<SignalType> types,
            SignalLimits limits,
            InstantSource time) {
        SignalStore store = new SignalStore(disk, directory.toAbsolutePath(), types, limits, time);
        store.turn.lock();
        try {
            store.log = SignalLog.open(disk, store.directory, earlier.toAbsolutePath(), store::take, store::found);
            store.compactIfDue();
            return store;
        } catch (IOException e) {
            throw StorageFailures.of(disk, directory, "the log of signals cannot be read or made", e);
        } finally {
            store.turn.unlock();
        }
    }

    private void found(Finding finding) {
        LOG.log(WARNING, "{0}", finding);
        findings.add(finding);
    }

    /** What was found wrong with files when the store was opened. */
    public List<Finding> findings() {
        return List.copyOf(findings);
    }

    /** The types that are declared now. */
    public SignalTypes types() {
        return types;
    }

    /**
     * Declares other types from now on. Signals of a type that is declared no longer are not told; what is kept of them comes back
     * with the type, unless the log was written anew.
     */
    public void declare(SignalTypes others) {
        types = others;
    }

    /** The same signals by types of the caller's own, whatever is declared meanwhile. */
    public SignalSource by(SignalTypes own) {
        return (user, wanted, budget) -> read(user, wanted, own);
    }

    /** Users that have signals, maybe too old ones. */
    public int users() {
        return users.size();
    }

    /**
     * Takes signals; all or none. Of two of one type about one entity the later stays.
     *
     * @throws IllegalArgumentException for a type that is not declared, an entity of another kind, or a time in the future
     * @throws repscorer.core.failure.ScorerException.Overloaded when there are too many users or signals
     * @throws repscorer.core.failure.ScorerException.Storage when the disk is full or fails; nothing was taken then
     */
    public void push(List<SignalPush> pushes) {
        SignalTypes declared = types;
        pushes.forEach(push -> check(push, declared));
        takeAll(pushes);
    }

    /** Asked from now on about signals that come: what is older than the erasure of its user or entity is left out. */
    public void asking(ErasedSubjects erased) {
        subjects = erased;
    }

    /**
     * Forgets what erased subjects did and what was done to them: out of sight and out of the log on return. Writes the whole log
     * anew.
     *
     * @throws repscorer.core.failure.ScorerException.Storage when the disk is full or fails; it may be called again
     */
    public void erase(Sought sought) {
        turn.lock();
        try {
            hide(sought);
            if (log != null) {
                rewrite(log);
                log.leaveAlone();
            }
        } catch (IOException e) {
            throw StorageFailures.of(disk, directory, "signals were not erased", e);
        } finally {
            turn.unlock();
        }
    }

    /** The same but for the log: what they did is out of sight until the store is opened again. */
    public void hide(Sought sought) {
        turn.lock();
        try {
            users.forEach((id, user) -> {
                signals.addAndGet(user.erase(signal -> isErased(sought, id, signal)));
                if (user.isEmpty()) {
                    users.remove(id);
                }
            });
        } finally {
            turn.unlock();
        }
    }

    private boolean isErased(Sought sought, EntityId user, Signal signal) {
        return (sought.has(user) && isOlder(subjects, user, signal))
                || (sought.has(signal.entity()) && isOlder(subjects, signal.entity(), signal));
    }

    /** What is newer than the erasure stays. */
    private static boolean isOlder(ErasedSubjects asked, EntityId id, Signal signal) {
        return signal.atMillis() <= asked.erasedAt(id.toString()).orElse(Long.MAX_VALUE);
    }

    /** Looks for erased subjects in the log: how many signals are theirs, or about them. Reads all of it. */
    public long look(Sought sought) throws IOException {
        turn.lock();
        try {
            return count(sought);
        } finally {
            turn.unlock();
        }
    }

    private long count(Sought sought) throws IOException {
        long[] found = {0};
        Optional<LogPlace> place = log == null ? Optional.empty() : SignalLog.place(disk, directory);
        if (place.isPresent()) {
            SignalLog.read(
                    disk,
                    place.get(),
                    push -> found[0] +=
                            sought.has(push.user()) || sought.has(push.signal().entity()) ? 1 : 0);
        }
        return found[0];
    }

    private boolean isErased(SignalPush push) {
        ErasedSubjects asked = subjects;
        return !asked.all().isEmpty() && isErased(asked.all(), push.user(), push.signal());
    }

    /** Takes signals that were checked; those of a type that is declared no longer are left out. Throws as {@link #push}. */
    public void takeAll(List<SignalPush> pushes) {
        Batch batch = new Batch(List.copyOf(pushes));
        try {
            groups.submit(batch);
        } catch (IOException e) {
            throw StorageFailures.of(disk, directory, "signals were not taken", e);
        }
        if (batch.refusal != null) {
            throw batch.refusal;
        }
    }

    /**
     * Checks one signal, so that who has many can tell which one is wrong.
     *
     * @param declared the types as the caller knows them
     * @throws IllegalArgumentException for a type that is not declared, an entity of another kind, or a time in the future
     */
    public void check(SignalPush push, SignalTypes declared) {
        long latest = time.millis() + LATE_MAX.toMillis();
        Signal signal = push.signal();
        declared.check(signal);
        if (signal.atMillis() < 0 || signal.atMillis() > latest) {
            throw new IllegalArgumentException("a signal's time is not before 1970 and not in the future: %s"
                    .formatted(Instant.ofEpochMilli(signal.atMillis())));
        }
    }

    private void commit(List<Batch> group) throws IOException {
        Set<EntityId> newcomers = new HashSet<>();
        List<SignalPush> taken = new ArrayList<>();
        for (Batch batch : group) {
            Optional<Overloaded> refusal = refusal(batch, newcomers, taken.size());
            if (refusal.isPresent()) {
                batch.refusal = refusal.get();
            } else {
                List<SignalPush> fresh =
                        batch.pushes.stream().filter(push -> !isErased(push)).toList();
                fresh.stream()
                        .map(SignalPush::user)
                        .filter(user -> !users.containsKey(user))
                        .forEach(newcomers::add);
                taken.addAll(fresh);
            }
        }
        if (taken.isEmpty()) {
            return;
        }
        if (log != null) {
            log.append(taken);
        }
        taken.forEach(this::take);
        compactIfDue();
    }

    private Optional<Overloaded> refusal(Batch batch, Set<EntityId> newcomers, int before) {
        Set<EntityId> all = new HashSet<>(newcomers);
        for (SignalPush push : batch.pushes) {
            if (!users.containsKey(push.user())) {
                all.add(push.user());
            }
        }
        if (isOver(all.size(), before + batch.pushes.size()) && sweep()) {
            all.clear();
            return refusal(batch, newcomers, before);
        }
        if ((long) users.size() + all.size() > limits.usersMax()) {
            return Optional.of(
                    new Overloaded("too-many-users", "at most %s users have signals".formatted(limits.usersMax())));
        }
        return signals.get() + before + batch.pushes.size() > limits.signalsMax()
                ? Optional.of(new Overloaded(
                        "too-many-signals", "at most %s signals are kept".formatted(limits.signalsMax())))
                : Optional.empty();
    }

    private boolean isOver(int moreUsers, int moreSignals) {
        return (long) users.size() + moreUsers > limits.usersMax() || signals.get() + moreSignals > limits.signalsMax();
    }

    /** Forgets what is too old, now and then; answers whether it did. */
    private boolean sweep() {
        long now = time.millis();
        if (sweptAt != Long.MIN_VALUE && now - sweptAt < SWEPT_EVERY.toMillis()) {
            return false;
        }
        sweptAt = now;
        users.forEach((id, user) -> {
            signals.addAndGet(user.forget(types.byName(), now));
            if (user.isEmpty()) {
                users.remove(id);
            }
        });
        return true;
    }

    private void take(SignalPush push) {
        SignalType type = types.byName().get(push.signal().type());
        if (type == null) {
            return; // declared no longer: one of an old log
        }
        UserSignals user = users.computeIfAbsent(push.user(), id -> new UserSignals());
        signals.addAndGet(user.take(push, type, time.millis()));
        if (user.isEmpty()) {
            users.remove(push.user());
        }
    }

    /** Writes the log anew where more than half of it is needed no longer. */
    private void compactIfDue() {
        if (log == null || log.count() <= compactedFrom || log.count() <= 2 * signals.get()) {
            return;
        }
        compactedFrom = limits.compactedMin();
        try {
            rewrite(log);
        } catch (IOException e) {
            LOG.log(WARNING, "the log of signals was not compacted: {0}", e.getMessage());
            compactedFrom = log.count() + limits.compactedMin();
        }
    }

    private void rewrite(SignalLog anew) throws IOException {
        anew.rewrite(reader -> {
            for (Map.Entry<EntityId, UserSignals> user : users.entrySet()) {
                List<Signal> kept = new ArrayList<>();
                user.getValue().forEach(kept::add);
                for (Signal signal : kept) {
                    reader.take(new SignalPush(user.getKey(), signal, false));
                }
            }
        });
    }

    @Override
    public Answer read(EntityId user, Set<String> wanted, Duration budget) {
        return read(user, wanted, types);
    }

    private Answer read(EntityId user, Set<String> wanted, SignalTypes declared) {
        UserSignals known = users.get(user);
        return new Answer.Found(known == null ? List.of() : known.read(wanted, declared.byName(), time.millis()));
    }

    @Override
    public void close() {
        turn.lock();
        try {
            if (log != null) {
                log.close();
                log = null;
            }
        } finally {
            turn.unlock();
        }
    }
}
