package repscorer.core.signal;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import repscorer.core.entity.EntityId;

/**
 * The signals pushed to this service: the latest of each user and type, in memory and in a log that is read again at the
 * start. Safe for concurrent use; a push is seen by every read that begins after it returned.
 */
public final class SignalStore implements SignalSource, AutoCloseable {

    /*
     * The log has one line per push: time, user, type, entity, + or -, with tabs between; no id has control characters. A
     * last line that was cut off by a crash is dropped. Where the log holds more than twice the lines that are still needed,
     * it is written anew at the start. Lines are flushed to the operating system with each push and not forced to the disk:
     * a power failure may cost the last moments, which is what signals are worth.
     */

    private static final Comparator<Signal> LATEST_FIRST =
            Comparator.comparingLong((Signal signal) -> -signal.atMillis()).thenComparing(Signal::entity);

    private static final int COMPACT_LINES_MIN = 10_000;

    private final Map<String, SignalType> types = new TreeMap<>();
    private final int usersMax;
    private final InstantSource time;
    private final Map<EntityId, User> users = new ConcurrentHashMap<>();
    private final Object logLock = new Object();
    private @Nullable BufferedWriter log;

    /** One user's signals; guarded by itself. */
    private static final class User {

        private final Map<String, OfType> byType = new HashMap<>();
    }

    /** One user's signals of one type: latest first, and each entity's time. */
    private static final class OfType {

        private final TreeSet<Signal> latestFirst = new TreeSet<>(LATEST_FIRST);
        private final Map<EntityId, Signal> byEntity = new HashMap<>();

        void put(Signal signal, int keepMax) {
            Signal before = byEntity.get(signal.entity());
            if (before != null && before.atMillis() >= signal.atMillis()) {
                return;
            }
            remove(signal.entity());
            byEntity.put(signal.entity(), signal);
            latestFirst.add(signal);
            while (latestFirst.size() > keepMax) {
                remove(latestFirst.last().entity());
            }
        }

        void remove(EntityId entity) {
            Signal before = byEntity.remove(entity);
            if (before != null) {
                latestFirst.remove(before);
            }
        }

        void forgetBefore(long millis) {
            while (!latestFirst.isEmpty() && latestFirst.last().atMillis() < millis) {
                remove(latestFirst.last().entity());
            }
        }
    }

    private SignalStore(Collection<SignalType> types, int usersMax, InstantSource time) {
        types.forEach(type -> {
            if (this.types.put(type.name(), type) != null) {
                throw new IllegalArgumentException("signal names must differ: '%s' twice".formatted(type.name()));
            }
        });
        this.usersMax = usersMax;
        this.time = time;
    }

    /** A store that forgets everything when the process ends. */
    public static SignalStore inMemory(Collection<SignalType> types, int usersMax, InstantSource time) {
        return new SignalStore(types, usersMax, time);
    }

    /**
     * Opens a store over a log, which is made where there is none.
     *
     * @param usersMax how many users are kept; signals of more are refused
     * @param time what ages are counted to
     * @throws UncheckedIOException when the log cannot be read or written
     */
    public static SignalStore open(Path log, Collection<SignalType> types, int usersMax, InstantSource time) {
        SignalStore store = new SignalStore(types, usersMax, time);
        try {
            store.replay(log);
        } catch (IOException e) {
            throw new UncheckedIOException("the log of signals cannot be read or written: " + log, e);
        }
        return store;
    }

    public Collection<SignalType> types() {
        return List.copyOf(types.values());
    }

    public Optional<SignalType> type(String name) {
        return Optional.ofNullable(types.get(name));
    }

    public int users() {
        return users.size();
    }

    /**
     * Takes signals; all or none. Of two of one type about one entity the later stays.
     *
     * @throws IllegalArgumentException for a type that is not declared, an entity of another kind, or a time in the future
     * @throws IllegalStateException when there are too many users
     * @throws UncheckedIOException when the log cannot be written; nothing was taken then
     */
    public void push(List<SignalPush> pushes) {
        long latest = time.millis() + Duration.ofMinutes(5).toMillis();
        Set<EntityId> newcomers = new TreeSet<>();
        for (SignalPush push : pushes) {
            check(push, latest);
            if (!users.containsKey(push.user())) {
                newcomers.add(push.user());
            }
        }
        if ((long) users.size() + newcomers.size() > usersMax) {
            throw new IllegalStateException("at most %d users have signals".formatted(usersMax));
        }
        write(pushes);
        pushes.forEach(this::take);
    }

    private void check(SignalPush push, long latest) {
        Signal signal = push.signal();
        SignalType type = types.get(signal.type());
        if (type == null) {
            throw new IllegalArgumentException(
                    "no signal is called '%s'; there are %s".formatted(signal.type(), types.keySet()));
        }
        if (!signal.entity().kind().equals(type.kind())) {
            throw new IllegalArgumentException(
                    "signal %s is about kind %s: %s".formatted(type.name(), type.kind(), signal.entity()));
        }
        if (signal.atMillis() < 0 || signal.atMillis() > latest) {
            throw new IllegalArgumentException(
                    "a signal's time is not before 1970 and not in the future: %d".formatted(signal.atMillis()));
        }
    }

    private void take(SignalPush push) {
        User user = users.computeIfAbsent(push.user(), id -> new User());
        Signal signal = push.signal();
        SignalType type = types.get(signal.type());
        if (type == null) {
            return; // declared no longer: a line of an old log
        }
        synchronized (user) {
            OfType ofType = user.byType.computeIfAbsent(signal.type(), name -> new OfType());
            if (push.undone()) {
                ofType.remove(signal.entity());
            } else {
                ofType.put(signal, type.keepMax());
            }
        }
    }

    @Override
    public Answer read(EntityId user, Set<String> wanted, Duration budget) {
        User known = users.get(user);
        if (known == null) {
            return new Answer.Found(List.of());
        }
        List<Signal> signals = new ArrayList<>();
        synchronized (known) {
            for (String name : wanted) {
                OfType ofType = known.byType.get(name);
                SignalType type = types.get(name);
                if (ofType != null && type != null) {
                    ofType.forgetBefore(time.millis() - type.ageMax().toMillis());
                    signals.addAll(ofType.latestFirst);
                }
            }
        }
        if (wanted.size() > 1) {
            signals.sort(LATEST_FIRST.thenComparing(Signal::type));
        }
        return new Answer.Found(signals);
    }

    private void write(List<SignalPush> pushes) {
        synchronized (logLock) {
            if (log == null) {
                return;
            }
            try {
                for (SignalPush push : pushes) {
                    log.write(line(push));
                }
                log.flush();
            } catch (IOException e) {
                throw new UncheckedIOException("the log of signals cannot be written", e);
            }
        }
    }

    private static String line(SignalPush push) {
        return "%d\t%s\t%s\t%s\t%s%n"
                .formatted(
                        push.signal().atMillis(),
                        push.user(),
                        push.signal().type(),
                        push.signal().entity(),
                        push.undone() ? "-" : "+");
    }

    private void replay(Path file) throws IOException {
        String text = "";
        try {
            text = Files.readString(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            Files.createDirectories(file.toAbsolutePath().getParent());
        }
        int end = text.lastIndexOf('\n') + 1;
        List<String> lines = text.substring(0, end).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            take(parse(file, i + 1, lines.get(i)));
        }
        boolean torn = end < text.length();
        List<String> needed = needed();
        if (torn || (lines.size() > COMPACT_LINES_MIN && lines.size() > 2 * needed.size())) {
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(fresh, String.join("", needed), StandardCharsets.UTF_8);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        synchronized (logLock) {
            log = Files.newBufferedWriter(
                    file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }

    private static SignalPush parse(Path file, int number, String line) throws IOException {
        String[] fields = line.split("\t", -1);
        try {
            if (fields.length == 5 && (fields[4].equals("+") || fields[4].equals("-"))) {
                Signal signal = new Signal(fields[2], EntityId.parse(fields[3]), Long.parseLong(fields[0]));
                return new SignalPush(EntityId.parse(fields[1]), signal, fields[4].equals("-"));
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("%s line %d is no signal: %s".formatted(file, number, e.getMessage()), e);
        }
        throw new IOException("%s line %d is no signal: '%s'".formatted(file, number, line));
    }

    /** The lines that make the present state. */
    private List<String> needed() {
        List<String> lines = new ArrayList<>();
        users.forEach((id, user) -> {
            synchronized (user) {
                user.byType
                        .values()
                        .forEach(ofType -> ofType.latestFirst.forEach(
                                signal -> lines.add(line(new SignalPush(id, signal, false)))));
            }
        });
        return lines;
    }

    @Override
    public void close() {
        synchronized (logLock) {
            try {
                if (log != null) {
                    log.close();
                    log = null;
                }
            } catch (IOException e) {
                throw new UncheckedIOException("the log of signals cannot be closed", e);
            }
        }
    }
}
