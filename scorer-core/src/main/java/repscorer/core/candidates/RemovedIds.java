package repscorer.core.candidates;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import repscorer.core.answer.MissingReason;
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
        List<Signal> known = read(entities, types, request, signals);
        for (Rule.Remove remove : removes) {
            EntitySet ids = new EntitySet(request.entities());
            remove.histories().forEach(history -> Histories.read(entities, history, request.trace(), ids::add));
            for (Signal signal : known) {
                if (remove.signals().contains(signal.type())) {
                    ids.add(signal.entity());
                }
            }
            removed.byRule.put(remove.name(), ids);
        }
        return removed;
    }

    private static List<Signal> read(Source.Entities source, Set<String> types, Request request, SignalSource signals) {
        List<Signal> found = new ArrayList<>();
        if (types.isEmpty()) {
            return found;
        }
        for (Source.Weighted entity : source.entities()) {
            switch (signals.read(entity.id(), types, request.budget().left())) {
                case SignalSource.Answer.Found answer -> found.addAll(answer.signals());
                case SignalSource.Answer.Unavailable gone ->
                    request.trace()
                            .notice(
                                    "",
                                    gone.timedOut() ? MissingReason.TIMEOUT : MissingReason.ERROR,
                                    "rules do not know the signals %s of %s: %s"
                                            .formatted(types, entity.id(), gone.cause()));
            }
        }
        return found;
    }

    EntitySet by(Rule rule) {
        return byRule.getOrDefault(rule.name(), none);
    }
}
