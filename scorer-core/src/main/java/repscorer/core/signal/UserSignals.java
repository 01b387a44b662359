package repscorer.core.signal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import repscorer.core.entity.EntityId;

/** One user's signals: of each type the latest, and of each entity as many as the type repeats. Safe for concurrent use. */
final class UserSignals {

    static final Comparator<Signal> LATEST_FIRST =
            Comparator.comparingLong((Signal signal) -> -signal.atMillis()).thenComparing(Signal::entity);

    private final Map<String, OfType> byType = new HashMap<>(); // guarded by this

    /** Signals of one type: latest first, and by entity. */
    private static final class OfType {

        private final TreeSet<Signal> latestFirst = new TreeSet<>(LATEST_FIRST);
        private final Map<EntityId, List<Signal>> byEntity = new HashMap<>(); // latest first; most are lists of one

        /** What came before at the same time is the same; what is older than as many as are kept is nothing new. */
        void put(Signal signal, int keepMax, int repeatsMax) {
            if (!latestFirst.add(signal)) {
                return;
            }
            List<Signal> known = new ArrayList<>(byEntity.getOrDefault(signal.entity(), List.of()));
            known.add(signal);
            known.sort(LATEST_FIRST);
            while (known.size() > repeatsMax) {
                latestFirst.remove(known.removeLast());
            }
            byEntity.put(signal.entity(), List.copyOf(known));
            while (latestFirst.size() > keepMax) {
                removeLast();
            }
        }

        void remove(EntityId entity) {
            byEntity.getOrDefault(entity, List.of()).forEach(latestFirst::remove);
            byEntity.remove(entity);
        }

        private void removeLast() {
            Signal last = latestFirst.removeLast();
            byEntity.computeIfPresent(
                    last.entity(),
                    (id, known) -> known.size() == 1 ? null : List.copyOf(known.subList(0, known.size() - 1)));
        }

        void forgetBefore(long millis) {
            while (!latestFirst.isEmpty() && latestFirst.last().atMillis() < millis) {
                removeLast();
            }
        }
    }

    /** Takes a signal or forgets what is taken back, whatever its time; answers by how many there are more. */
    synchronized int take(SignalPush push, SignalType type, long now) {
        OfType ofType = byType.computeIfAbsent(type.name(), name -> new OfType());
        int before = ofType.latestFirst.size();
        ofType.forgetBefore(now - type.ageMax().toMillis());
        if (push.undone()) {
            ofType.remove(push.signal().entity());
        } else {
            ofType.put(push.signal(), type.keepMax(), type.repeatsMax());
        }
        return ofType.latestFirst.size() - before;
    }

    /** Forgets what is too old; answers by how many there are more, which is not above zero. */
    synchronized int forget(Map<String, SignalType> types, long now) {
        int more = 0;
        for (Map.Entry<String, OfType> each : byType.entrySet()) {
            SignalType type = types.get(each.getKey());
            OfType ofType = each.getValue();
            more += ofType.latestFirst.size();
            ofType.forgetBefore(
                    type == null ? Long.MAX_VALUE : now - type.ageMax().toMillis());
            more -= ofType.latestFirst.size();
        }
        return -more;
    }

    /** Forgets what is erased; answers by how many there are more. */
    synchronized int erase(Predicate<Signal> erased) {
        int more = 0;
        for (OfType ofType : byType.values()) {
            more += ofType.latestFirst.size();
            for (Signal signal : List.copyOf(ofType.latestFirst)) {
                if (erased.test(signal)) {
                    ofType.remove(signal.entity());
                }
            }
            more -= ofType.latestFirst.size();
        }
        return -more;
    }

    synchronized boolean isEmpty() {
        return byType.values().stream().allMatch(each -> each.latestFirst.isEmpty());
    }

    /** Latest first; those too old are left out. */
    synchronized List<Signal> read(Set<String> wanted, Map<String, SignalType> types, long now) {
        List<Signal> signals = new ArrayList<>();
        for (String name : wanted) {
            OfType ofType = byType.get(name);
            SignalType type = types.get(name);
            if (ofType != null && type != null) {
                long oldest = now - type.ageMax().toMillis();
                for (Signal signal : ofType.latestFirst) {
                    if (signal.atMillis() < oldest) {
                        break;
                    }
                    signals.add(signal);
                }
            }
        }
        if (wanted.size() > 1) {
            signals.sort(LATEST_FIRST.thenComparing(Signal::type));
        }
        return signals;
    }

    synchronized void forEach(Consumer<Signal> each) {
        byType.values().forEach(ofType -> ofType.latestFirst.forEach(each));
    }
}
