package repscorer.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import repscorer.core.answer.MissingReason;
import repscorer.core.entity.EntityId;
import repscorer.core.query.Source;
import repscorer.core.rule.Rule;
import repscorer.core.rule.RuleBook;
import repscorer.core.signal.Signal;
import repscorer.core.signal.SignalSource;

/**
 * What the removing rules of one request name: the entities in the source's histories and signals. All signals are read at
 * once. For one request and one thread.
 */
final class Named {

    private final Map<String, Set<EntityId>> byRule = new HashMap<>();

    private Named() {}

    static Named of(RuleBook rules, Source source, Trail trail, SignalSource signals, Duration budget) {
        Named named = new Named();
        List<Rule.Remove> removes = new ArrayList<>();
        for (Rule rule : rules.rules()) {
            if (rule instanceof Rule.Remove remove && remove.mode() != Rule.Mode.OFF) {
                removes.add(remove);
            }
        }
        if (removes.isEmpty() || !(source instanceof Source.Entities entities)) {
            return named;
        }
        Set<String> types = new TreeSet<>();
        removes.forEach(remove -> types.addAll(remove.signals()));
        Map<String, Set<EntityId>> bySignal = read(entities, types, trail, signals, budget);
        for (Rule.Remove remove : removes) {
            Set<EntityId> ids = new HashSet<>();
            remove.histories().forEach(history -> Exclusions.readHistory(entities, history, trail, ids::add));
            remove.signals().forEach(type -> ids.addAll(bySignal.getOrDefault(type, Set.of())));
            named.byRule.put(remove.name(), ids);
        }
        return named;
    }

    private static Map<String, Set<EntityId>> read(
            Source.Entities source, Set<String> types, Trail trail, SignalSource signals, Duration budget) {
        Map<String, Set<EntityId>> found = new HashMap<>();
        if (types.isEmpty()) {
            return found;
        }
        long deadline = System.nanoTime() + budget.toNanos();
        for (Source.Weighted entity : source.entities()) {
            Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
            switch (signals.read(entity.id(), types, left)) {
                case SignalSource.Answer.Found answer -> {
                    for (Signal signal : answer.signals()) {
                        found.computeIfAbsent(signal.type(), type -> new HashSet<>())
                                .add(signal.entity());
                    }
                }
                case SignalSource.Answer.Unavailable gone ->
                    trail.notice(
                            "",
                            gone.timedOut() ? MissingReason.TIMEOUT : MissingReason.ERROR,
                            "rules do not know the signals %s of %s: %s".formatted(types, entity.id(), gone.cause()));
            }
        }
        return found;
    }

    Set<EntityId> ids(Rule rule) {
        return byRule.getOrDefault(rule.name(), Set.of());
    }
}
