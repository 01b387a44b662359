package repscorer.api.decisions;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;
import repscorer.core.erasure.Sought;
import repscorer.decisions.LogErasure;

/** Decisions and outcomes as whoever erases subjects sees them. Safe for concurrent use. */
@Component
public final class ErasableDecisions {

    private final DecisionConfiguration.Holder holder;

    ErasableDecisions(DecisionConfiguration.Holder holder) {
        this.holder = holder;
    }

    /** All that texts are written as: themselves, and their digests where decisions hold those. */
    public List<String> written(List<String> texts) {
        Set<String> all = new LinkedHashSet<>(texts);
        holder.keeping()
                .ifPresent(
                        keeping -> texts.forEach(each -> all.add(keeping.ids().of(each))));
        return List.copyOf(all);
    }

    /** Takes subjects out; empty where no decisions are kept. */
    public synchronized Optional<LogErasure.Result> erase(Sought sought) throws IOException {
        Optional<LogErasure> log = log();
        return log.isEmpty() ? Optional.empty() : Optional.of(log.get().erase(sought));
    }

    /** Looks for them. */
    public synchronized Optional<LogErasure.Result> look(Sought sought) throws IOException {
        Optional<LogErasure> log = log();
        return log.isEmpty() ? Optional.empty() : Optional.of(log.get().look(sought));
    }

    private Optional<LogErasure> log() {
        return holder.keeping()
                .map(keeping -> new LogErasure(keeping.directory(), keeping.decisions(), keeping.outcomes()));
    }
}
