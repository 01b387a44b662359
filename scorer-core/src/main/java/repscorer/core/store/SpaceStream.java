package repscorer.core.store;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import repscorer.ann.DenseIndex;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.NewColumns;
import repscorer.core.embedding.Space;
import repscorer.core.engagement.EngagedItems;
import repscorer.core.engagement.ItemSums;
import repscorer.core.entity.EntityId;
import repscorer.core.erasure.Sought;
import repscorer.core.failure.ScorerException.NotReady;
import repscorer.core.log.GroupCommit;
import repscorer.core.log.ProducerNumbers;
import repscorer.core.log.RecordLog;
import repscorer.core.store.Outcome.Accepted;
import repscorer.core.store.delta.Delta;
import repscorer.core.store.delta.DeltaCover;
import repscorer.core.store.delta.DeltaView;
import repscorer.core.store.delta.SubjectsHeld;

/**
 * Takes the changes to one space of one release: checks them, puts them on the device, applies them, makes them visible, in
 * this order and many at once. Safe for concurrent use.
 */
final class SpaceStream {

    /** Makes a state of the delta visible. */
    @FunctionalInterface
    interface Shown {
        void show(DeltaView view);
    }

    /** Who numbers deletions by erasures; no caller has such a name. */
    private static final String ERASURES = ".erasures";
    /** So many items' sums are written as one group. */
    private static final int RESTATED_AT_ONCE = 512;

    private final Space space;
    private final RecordLog<ChangeRecord> log;
    private final Shown shown;
    private final ProducerNumbers producers;
    private final ReentrantLock turn = new ReentrantLock();
    private final GroupCommit<Batch> groups = new GroupCommit<>(turn, batch -> batch.changes.size(), this::commit);
    private final DeltaCover cover;
    private final BooleanSupplier live;
    private final InstantSource time;
    private final Optional<Engaged> engaged;
    private volatile Delta delta;

    /**
     * What engagements are added to.
     *
     * @param snapshot of the release, whose users' vectors they add
     */
    record Engaged(EngagedItems items, Supplier<Snapshot> snapshot) {

        SpaceVersion users() {
            String of = items.rule().of();
            return snapshot.get()
                    .space(of)
                    .orElseThrow(() -> new NotReady(
                            "space-not-live",
                            "engagements add vectors of %s, which the release has not".formatted(of)));
        }
    }

    /** What one caller sent; its outcomes are there when it is committed. */
    private static final class Batch {
        final String producer;
        final List<Change> changes;
        List<Outcome> outcomes = List.of();
        boolean late; // another release went live before its turn

        Batch(String producer, List<Change> changes) {
            this.producer = producer;
            this.changes = changes;
        }
    }

    /**
     * @param background where graphs over the changes are built
     * @param live whether the release is the live one
     * @param time that vectors are of which do not say it
     * @param engaged where vectors are made from engagements
     */
    SpaceStream(
            Space space,
            RecordLog<ChangeRecord> log,
            Delta delta,
            Map<String, Long> highest,
            Shown shown,
            BackgroundWork background,
            BooleanSupplier live,
            InstantSource time,
            Optional<Engaged> engaged) {
        this.engaged = engaged;
        this.time = time;
        this.live = live;
        this.cover = new DeltaCover(space, background.executor(), background.deltaRowsMin());
        this.space = space;
        this.log = log;
        this.delta = delta;
        this.producers = new ProducerNumbers(highest);
        this.shown = shown;
    }

    /** Adds a change to those that were made. */
    static void add(Change change, Delta into, Optional<EngagedItems> items) {
        long sequence = into.sequence() + 1;
        switch (change) {
            case Change.Delete delete -> {
                into.delete(delete.id());
                items.ifPresent(all -> all.remove(delete.id()));
            }
            case Change.Added event ->
                items.ifPresent(all -> all.take(event.id(), event.addition())
                        .ifPresent(sums -> into.upsert(
                                event.id(),
                                new Embedding.Sparse(sums.vector(all.rule().entriesMax())),
                                sums.momentMillis())));
            case Change.Restated event -> items.ifPresent(all -> all.put(event.id(), event.sums()));
            case Change.Engagement event -> throw new IllegalStateException("it was not taken: " + event.id());
            case Change.Upsert upsert ->
                into.upsert(upsert.id(), upsert.embedding(), upsert.madeMillis().orElse(EmbeddingFile.UNTOLD));
            case Change.Named named -> throw new IllegalStateException("columns have numbers: " + named.id());
        }
        into.skipTo(sequence);
    }

    /**
     * Answers each change by itself, when all that were accepted are durable and visible.
     *
     * @param producer who numbers the changes; the numbers of each ascend
     * @throws IOException when the device refuses; none of the changes is visible then, nor acknowledged
     * @return empty where another release went live meanwhile: none of the changes was taken
     */
    Optional<List<Outcome>> apply(String producer, List<Change> changes) throws IOException {
        engaged.ifPresent(Engaged::users);
        Batch batch = new Batch(producer, changes);
        groups.submit(batch);
        if (batch.late) {
            return Optional.empty();
        }
        coverSoon();
        return Optional.of(batch.outcomes);
    }

    private void commit(List<Batch> group) throws IOException {
        if (!live.getAsBoolean()) {
            group.forEach(batch -> batch.late = true);
            return;
        }
        producers.begin();
        List<ChangeRecord> records = new ArrayList<>();
        List<List<Outcome>> outcomes = new ArrayList<>();
        Set<EntityId> said = new HashSet<>();
        for (Batch batch : group) {
            outcomes.add(decide(batch, records, said));
        }
        if (!records.isEmpty()) {
            log.append(delta.sequence() + 1, records);
            Optional<EngagedItems> items = engaged.map(Engaged::items);
            records.forEach(each -> add(each.change(), delta, items));
            items.ifPresent(all -> all.said(said));
            producers.accept();
            shown.show(delta.view());
        }
        for (int i = 0; i < group.size(); i++) {
            group.get(i).outcomes = outcomes.get(i);
        }
    }

    /**
     * Takes erased subjects away, whether the release is live or kept: on the device and out of sight on return. What was streamed
     * in after they were taken away stays.
     *
     * @param since who was erased after an erasure
     * @param last the erasure up to which that is then done here
     */
    void erase(LongFunction<Sought> since, long last) throws IOException {
        turn.lock();
        try {
            long before = producers.highest().getOrDefault(ERASURES, 0L);
            Sought sought = since.apply(Math.min(before, last));
            delta.columns().replace(name -> sought.inPlaceOf(name).orElse(name));
            List<EntityId> held = before < last
                    ? SubjectsHeld.find(sought, space.kind(), delta.base().ids(), delta.view(), sums().keySet())
                    : List.of();
            if (!held.isEmpty()) {
                producers.begin();
                producers.offer(ERASURES, last);
                List<ChangeRecord> records = held.stream()
                        .map(id -> new ChangeRecord(ERASURES, new Change.Delete(id, OptionalLong.of(last)), List.of()))
                        .toList();
                log.append(delta.sequence() + 1, records);
                Optional<EngagedItems> items = engaged.map(Engaged::items);
                records.forEach(each -> add(each.change(), delta, items));
                items.ifPresent(all -> all.said(Set.copyOf(held)));
                producers.accept();
                shown.show(delta.view());
            }
        } finally {
            turn.unlock();
        }
    }

    private List<Outcome> decide(Batch batch, List<ChangeRecord> records, Set<EntityId> said) {
        List<Outcome> outcomes = new ArrayList<>(batch.changes.size());
        EmbeddingFile base = delta.base();
        NewColumns columns = delta.columns();
        for (Change change : batch.changes) {
            Optional<? extends Outcome> turnedAway = ChangeChecks.check(space, base, columns, change);
            Change meant = change;
            if (turnedAway.isEmpty() && change instanceof Change.Engagement event) {
                meant = added(event);
                turnedAway = ChangeChecks.engagement(
                        space, base, columns, event, meant, engaged.orElseThrow(), time.millis(), records.size());
            }
            if (turnedAway.isEmpty() && change.number().isPresent()) {
                turnedAway = repeated(batch.producer, change.number().getAsLong());
            }
            if (turnedAway.isPresent()) {
                outcomes.add(turnedAway.get());
                continue;
            }
            Change timed = space.policy().aging().isNone() ? meant : meant.madeAt(time.millis());
            Change applied = ChangeChecks.applied(space, base, columns, timed);
            if (change instanceof Change.Engagement event) {
                EngagedItems items = engaged.orElseThrow().items();
                items.owed(event.id())
                        .filter(sums -> !said.contains(event.id()))
                        .ifPresent(sums ->
                                records.add(ChangeRecord.of("", new Change.Restated(event.id(), sums), base, columns)));
                applied = ChangeChecks.applied(event, applied, items, time.millis());
            }
            said.add(change.id());
            records.add(ChangeRecord.of(batch.producer, applied, base, columns));
            outcomes.add(new Accepted(delta.sequence() + records.size()));
        }
        return outcomes;
    }

    /** What the user's vector adds as it is now. */
    private Change added(Change.Engagement event) {
        Engaged to = engaged.orElseThrow();
        SpaceVersion items = to.snapshot().get().space(space.name()).orElseThrow();
        float weight = to.items().rule().kinds().getOrDefault(event.kind(), 0f);
        return ChangeChecks.added(event, weight, to.users().at(time.millis()), items);
    }

    private Optional<Outcome> repeated(String producer, long number) {
        long highest = producers.offer(producer, number);
        if (highest == ProducerNumbers.ACCEPTED) {
            return Optional.empty();
        }
        return Optional.of(
                highest == ProducerNumbers.TOO_MANY
                        ? new Outcome.Refused(
                                "too-many-producers",
                                "a space has at most %s producers".formatted(ProducerNumbers.PRODUCERS_MAX))
                        : new Outcome.Duplicate(highest));
    }

    /** Makes sure of what was read from the log at the start. */
    void prove() throws IOException {
        turn.lock();
        try {
            log.prove(delta.sequence());
        } finally {
            turn.unlock();
        }
    }

    /** Changes since the base was written. */
    int pending() {
        return delta.count() + quiet();
    }

    private int quiet() {
        return engaged.map(to -> to.items().quiet()).orElse(0);
    }

    /** What engagements came to, by item; for a step that is {@link #still}. O(items). */
    Map<EntityId, ItemSums> sums() {
        return engaged.map(to -> to.items().all(time.millis())).orElse(Map.of());
    }

    /** Whether changes to the space are searched by a graph once they are many. */
    boolean hasGraph() {
        return cover.hasGraph();
    }

    /** Lets the graph over the changes follow them, in the background. */
    void coverSoon() {
        cover.soon(() -> delta, turn);
    }

    /** The highest number that each producer had accepted. */
    Map<String, Long> highest() {
        turn.lock();
        try {
            Map<String, Long> told = new HashMap<>(producers.highest());
            told.remove(ERASURES);
            return told;
        } finally {
            turn.unlock();
        }
    }

    /** A state of the delta that nothing changes any more, and the segments it is in. */
    record Cut(DeltaView view, int lastSegment, Map<String, Long> highest, int quiet) {}

    Cut cut() {
        turn.lock();
        try {
            return new Cut(delta.view(), log.roll(), producers.highest(), quiet());
        } finally {
            turn.unlock();
        }
    }

    /** A cut that a base is written of. The log says all sums anew behind it: of each item before its next engagement. */
    Cut cutForBase() {
        turn.lock();
        try {
            engaged.ifPresent(to -> to.items().oweAll(time.millis()));
            return cut();
        } finally {
            turn.unlock();
        }
    }

    /** Has the log say the sums that it does not yet, some at a time, so that writers wait for no more than those. */
    void restate() throws IOException {
        if (engaged.isPresent()) {
            EngagedItems items = engaged.get().items();
            while (still(() -> restate(items.owedSome(RESTATED_AT_ONCE), items))) {
                Thread.onSpinWait();
            }
        }
    }

    private boolean restate(Map<EntityId, ItemSums> some, EngagedItems items) throws IOException {
        if (some.isEmpty()) {
            return false;
        }
        List<ChangeRecord> records = new ArrayList<>(some.size());
        some.forEach((item, sums) ->
                records.add(ChangeRecord.of("", new Change.Restated(item, sums), delta.base(), delta.columns())));
        log.append(delta.sequence() + 1, records);
        delta.skipTo(delta.sequence() + records.size());
        items.said(some.keySet());
        return true;
    }

    /** A step that no change is taken beside. */
    @FunctionalInterface
    interface Step<T> {
        T run() throws IOException;
    }

    <T> T still(Step<T> step) throws IOException {
        turn.lock();
        try {
            return step.run();
        } finally {
            turn.unlock();
        }
    }

    /** What makes a new base known for good, and visible with the changes that came since. */
    @FunctionalInterface
    interface NewBase {
        void commit(DeltaView changes) throws IOException;
    }

    /**
     * Goes on from a base that holds everything up to a cut. Changes that came since are copied beside the writers; only the
     * last of them, and the commit itself, hold writers up.
     */
    void rebase(Cut cut, EmbeddingFile base, Optional<DenseIndex> baseIndex, NewBase known) throws IOException {
        Delta next =
                new Delta(base, baseIndex, cut.view().sequence(), cut.view().columns());
        int from = cut.view().count();
        // Twice, for much may come while a graph is built over what came.
        for (int pass = 0; pass < 2; pass++) {
            turn.lock();
            DeltaView now = delta.view();
            turn.unlock();
            next.addAll(now, from);
            from = now.count();
            cover(next);
        }
        turn.lock();
        try {
            next.addAll(delta.view(), from);
            next.skipTo(delta.sequence());
            engaged.ifPresent(to -> to.items().heard(cut.quiet()));
            known.commit(next.view());
            delta = next;
        } finally {
            turn.unlock();
        }
    }

    /** Links changes that nobody sees yet, where they are many. */
    void cover(Delta next) {
        cover.cover(next);
    }

    /** Removes segments whose changes the base holds. */
    void forget(int lastSegment) throws IOException {
        turn.lock();
        try {
            log.removeUpTo(lastSegment);
        } finally {
            turn.unlock();
        }
    }

    void close() {
        turn.lock();
        try {
            log.roll();
        } finally {
            turn.unlock();
        }
    }
}
