package repscorer.core.candidates;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import repscorer.core.answer.MissingReason;
import repscorer.core.entity.EntityId;
import repscorer.core.failure.ScorerException.NotReady;
import repscorer.core.query.Source;
import repscorer.core.request.Entities;
import repscorer.core.request.EntitySet;
import repscorer.core.request.Request;
import repscorer.core.rule.Rule;
import repscorer.core.signal.Signal;
import repscorer.core.signal.SignalSource;

/**
 * What the removing rules of one request name: the entities in the source's histories and signals. All signals are read at
 * once, within the request's budget. For one request and one thread.
 */
final class RemovedIds {

    private final Map<String, EntitySet> byRule = new HashMap<>();
    private final Set<String> removesAll = new HashSet<>();
    private final EntitySet none;

    private RemovedIds(Entities entities) {
        this.none = new EntitySet(entities);
    }

    static RemovedIds none(Entities entities) {
        return new RemovedIds(entities);
    }

    static RemovedIds of(Source source, Request request, SignalSource signals) {
        RemovedIds removed = new RemovedIds(request.entities());
        List<Rule.Remove> removes = new ArrayList<>();
        for (Rule rule : request.plan().rules().rules()) {
            if (rule instanceof Rule.Remove remove && remove.mode() != Rule.Mode.OFF) {
                removes.add(remove);
            }
        }
        if (removes.isEmpty() || !(source instanceof Source.Entities entities)) {
            return removed;
        }
        Set<String> types = new TreeSet<>();
        removes.forEach(remove -> types.addAll(remove.signals()));
        List<Signal> known = new ArrayList<>();
        removed.read(entities, types, request, signals, removes, known);
        for (Rule.Remove remove : removes) {
            EntitySet ids = new EntitySet(request.entities());
            remove.histories().forEach(history -> Histories.read(entities, history, request.trace(), ids::add));
            addNamed(remove, known, request.nowMillis(), ids);
            removed.byRule.put(remove.name(), ids);
        }
        return removed;
    }

    private static void addNamed(Rule.Remove remove, List<Signal> known, long nowMillis, EntitySet ids) {
        Optional<Rule.Frequency> frequency = remove.frequency();
        long since =
                frequency.map(often -> nowMillis - often.within().toMillis()).orElse(Long.MIN_VALUE);
        int times = frequency.map(Rule.Frequency::times).orElse(1);
        Map<EntityId, Integer> counts = new HashMap<>(); // where one is not enough
        for (Signal signal : known) {
            if (remove.signals().contains(signal.type())
                    && signal.atMillis() >= since
                    && (times == 1 || counts.merge(signal.entity(), 1, Integer::sum) == times)) {
                ids.add(signal.entity());
            }
        }
    }

    private void read(
            Source.Entities source,
            Set<String> types,
            Request request,
            SignalSource signals,
            List<Rule.Remove> removes,
            List<Signal> found) {
        if (types.isEmpty()) {
            return;
        }
        for (Source.Weighted entity : source.entities()) {
            switch (signals.read(entity.id(), types, request.budget().left())) {
                case SignalSource.Answer.Found answer -> found.addAll(answer.signals());
                case SignalSource.Answer.Unavailable gone -> {
                    String why =
                            "rules do not know the signals %s of %s: %s".formatted(types, entity.id(), gone.cause());
                    MissingReason reason = gone.timedOut() ? MissingReason.TIMEOUT : MissingReason.ERROR;
                    request.trace().notice("", reason, why);
                    for (Rule.Remove remove : removes) {
                        if (!remove.signals().isEmpty()) {
                            missing(remove, why, reason, request);
                        }
                    }
                }
            }
        }
    }

    private void missing(Rule.Remove remove, String why, MissingReason reason, Request request) {
        switch (remove.onMissing()) {
            case PASS -> {}
            case REMOVE_ALL -> {
                removesAll.add(remove.name());
                request.trace().notice("", reason, "rule %s removes all that it cannot tell".formatted(remove.name()));
            }
            case REFUSE -> {
                if (remove.mode() == Rule.Mode.ON) {
                    throw new NotReady(
                            "signals-unavailable", "rule %s lets nobody through: %s".formatted(remove.name(), why));
                }
            }
        }
    }

    /** Whether a rule removes every candidate, because it could not read its signals. */
    boolean all(Rule rule) {
        return removesAll.contains(rule.name());
    }

    EntitySet by(Rule rule) {
        return byRule.getOrDefault(rule.name(), none);
    }
}
