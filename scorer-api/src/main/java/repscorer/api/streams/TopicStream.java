package repscorer.api.streams;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import repscorer.api.lines.LineReader;
import repscorer.api.upserts.ChangeParser;
import repscorer.core.entity.EntityId;
import repscorer.core.erasure.ErasedSubjects;
import repscorer.core.failure.ScorerException;
import repscorer.core.store.Change;
import repscorer.core.store.Outcome;
import repscorer.core.store.Outcome.Refused;
import repscorer.core.store.Release;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.Snapshot;
import repscorer.core.store.SpaceVersion;

/**
 * Follows one topic into one space of whatever release is live. A thread runs it until it is closed; all else may be asked by any.
 */
final class TopicStream implements Runnable {

    /*
     * A partition is a producer of changes, its offsets are their numbers. So the store's log says how far a partition was read in
     * the same write that holds what was read: nothing is kept at the broker, and whatever fails, this begins again where the store
     * says. For the same reason it is in no consumer group: a service has a store of its own, and needs all partitions.
     *
     * A producer is named by its topic's id, not its name: a topic that was made anew begins anew.
     *
     * Refused records go to the dead letters before what follows them is applied, for after that nobody comes back to them.
     */

    private static final Logger LOG = LoggerFactory.getLogger(TopicStream.class);

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final long LOOK_NANOS = Duration.ofSeconds(2).toNanos();
    private static final long ANSWER_SECONDS = 10;
    private static final String TRAINING = "training";
    private static final String NO_PRODUCER = "too-many-producers"; // which is no record's fault

    private final RepresentationStore store;
    private final String space;
    private final String topic;
    private final Duration replay;
    private final TopicClients clients;
    private final Optional<DeadLetters> deadLetters;
    private final StreamCounts counts;
    private final ErasedSubjects erased;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Map<String, Long> letters = new HashMap<>(); // the last offset of each producer that was put away
    private String lettersOf = ""; // their release
    private volatile @Nullable Consumer<byte[], byte[]> waking;
    private volatile State state = new State("", Optional.of("it has not begun"), List.of());
    private volatile Optional<String> lastRefused = Optional.empty();

    /**
     * Where it stands.
     *
     * @param release whose changes these are; empty where it waits for one
     * @param waiting why no records are read; empty where they are
     */
    record State(String release, Optional<String> waiting, List<Place> places) {}

    /**
     * Where a partition stands.
     *
     * @param next the offset that is read next
     * @param lag how many records follow, where that is known
     */
    record Place(int partition, long next, OptionalLong lag) {}

    /** @param replay how long before a release's publication the changes begin that it lacks */
    TopicStream(
            RepresentationStore store,
            String space,
            String topic,
            Duration replay,
            TopicClients clients,
            Optional<DeadLetters> deadLetters,
            StreamCounts counts,
            ErasedSubjects erased) {
        this.erased = erased;
        this.store = store;
        this.space = space;
        this.topic = topic;
        this.replay = replay;
        this.clients = clients;
        this.deadLetters = deadLetters;
        this.counts = counts;
    }

    String space() {
        return space;
    }

    String topic() {
        return topic;
    }

    State state() {
        return state;
    }

    StreamCounts counts() {
        return counts;
    }

    /** The newest record that was refused, where it stood and why. */
    Optional<String> lastRefused() {
        return lastRefused;
    }

    /** Ends the thread soon; a group of changes that is being written is written first. */
    void close() {
        closing.countDown();
        Consumer<byte[], byte[]> consumer = waking;
        if (consumer != null) {
            consumer.wakeup();
        }
    }

    private boolean isOpen() {
        return closing.getCount() > 0;
    }

    @Override
    public void run() {
        while (isOpen()) {
            try (Admin admin = clients.admin();
                    Consumer<byte[], byte[]> consumer = clients.consumer(space)) {
                waking = consumer;
                follow(admin, consumer);
            } catch (WakeupException e) {
                LOG.debug("the stream of {} ends", space);
            } catch (KafkaException | ScorerException | IllegalStateException e) {
                waits(words(e));
            } catch (RuntimeException e) {
                LOG.error("the stream of {} failed, and begins again", space, e);
                waits("the service failed; its log tells more");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } finally {
                waking = null;
            }
        }
    }

    private static String words(RuntimeException e) {
        String words = String.valueOf(e.getMessage());
        return e instanceof KafkaException && e.getCause() != null
                ? words + ": " + e.getCause().getMessage()
                : words;
    }

    /** Tells why nothing is read, in the log too where it is another reason than before, and lets a while pass. */
    private void waits(String reason) {
        if (!state.waiting().equals(Optional.of(reason)) && isOpen()) {
            LOG.warn("changes to {} from topic {} wait: {}", space, topic, reason);
        }
        state = new State("", Optional.of(reason), state.places());
        try {
            closing.await(RETRY.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow(Admin admin, Consumer<byte[], byte[]> consumer) throws InterruptedException {
        String release = "";
        Uuid topicId = Uuid.ZERO_UUID;
        long lookedNanos = 0;
        while (isOpen()) {
            Snapshot live = store.current();
            Optional<SpaceVersion> version = live.space(space);
            if (version.isEmpty()) {
                release = "";
                waits(live.isEmpty() ? "no release is live" : "release %s has no %s".formatted(live.release(), space));
                continue;
            }
            boolean anew = !live.release().equals(release);
            if (anew || System.nanoTime() - lookedNanos > LOOK_NANOS) {
                TopicDescription description = describe(admin);
                anew |= !description.topicId().equals(topicId);
                topicId = description.topicId();
                seek(consumer, description, live.release(), anew);
                release = live.release();
                lookedNanos = System.nanoTime();
            }
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            for (TopicPartition partition : records.partitions()) {
                take(release, version.get(), producer(topicId, partition), records.records(partition));
            }
            tell(consumer, release);
        }
    }

    private TopicDescription describe(Admin admin) throws InterruptedException {
        try {
            Map<String, TopicDescription> known =
                    admin.describeTopics(List.of(topic)).allTopicNames().get(ANSWER_SECONDS, TimeUnit.SECONDS);
            return Optional.ofNullable(known.get(topic)).orElseThrow();
        } catch (ExecutionException e) {
            throw new IllegalStateException("topic %s cannot be read: %s".formatted(topic, e.getCause()), e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("the brokers do not answer", e);
        }
    }

    private static String producer(Uuid topicId, TopicPartition partition) {
        return ChangeParser.OF_TOPICS + topicId + "." + partition.partition();
    }

    /** Puts partitions where the store says: all of them, or those that came since the last look. */
    private void seek(Consumer<byte[], byte[]> consumer, TopicDescription description, String release, boolean all) {
        Set<TopicPartition> partitions = new HashSet<>();
        description.partitions().forEach(each -> partitions.add(new TopicPartition(topic, each.partition())));
        Set<TopicPartition> unplaced = new HashSet<>(partitions);
        if (all && !release.equals(lettersOf)) {
            letters.clear(); // what one release refuses another may take, and the other way round
            lettersOf = release;
        }
        if (!all) {
            unplaced.removeAll(consumer.assignment());
        }
        if (unplaced.isEmpty()) {
            return;
        }
        consumer.assign(partitions);
        Map<String, Long> highest = store.highest(release, space);
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(unplaced);
        Map<TopicPartition, Long> ends = consumer.endOffsets(unplaced); // before times are: what comes later counts
        long since = published(release).minus(replay).toEpochMilli();
        Map<TopicPartition, Long> times = new HashMap<>();
        unplaced.forEach(each -> times.put(each, since));
        Map<TopicPartition, OffsetAndTimestamp> written = consumer.offsetsForTimes(times);
        for (TopicPartition partition : unplaced) {
            Long last = highest.get(producer(description.topicId(), partition));
            OffsetAndTimestamp first = written.get(partition);
            long begin = begins.getOrDefault(partition, 0L);
            long end = ends.getOrDefault(partition, 0L);
            long next = last != null ? last + 1 : first != null ? first.offset() : end;
            if (next > end && last != null) {
                throw new IllegalStateException("partition %s of %s ends at %s, and was read to %s"
                        .formatted(partition.partition(), topic, end, next));
            }
            if (next < begin) {
                counts.missed.add(begin - next);
                LOG.error("{} records of {} were deleted before they were read", begin - next, partition);
                next = begin;
            }
            consumer.seek(partition, next);
        }
        LOG.info("changes to {} of release {} come from {} partitions of {}", space, release, partitions.size(), topic);
    }

    private Instant published(String release) {
        return store.releases().stream()
                .filter(each -> each.name().equals(release))
                .findFirst()
                .map(Release::publishedAt)
                .orElse(Instant.EPOCH);
    }

    private void take(
            String release, SpaceVersion version, String producer, List<ConsumerRecord<byte[], byte[]>> records)
            throws InterruptedException {
        ChangeParser parser = new ChangeParser(version);
        List<Change> changes = new ArrayList<>(records.size());
        List<ConsumerRecord<byte[], byte[]>> good = new ArrayList<>(records.size());
        List<BadRecord> refused = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> each : records) {
            switch (parse(parser, version, each)) {
                case ChangeParser.Parsed.Bad bad -> refused.add(new BadRecord(each, bad.refused()));
                case ChangeParser.Parsed.Good change -> {
                    if (!isErased(change.change(), each.timestamp())) {
                        changes.add(change.change());
                        good.add(each);
                    }
                }
            }
        }
        putAway(producer, refused);
        List<BadRecord> turnedAway = new ArrayList<>();
        List<Outcome> outcomes = store.apply(release, space, producer, changes);
        long now = System.currentTimeMillis();
        for (int i = 0; i < outcomes.size(); i++) {
            switch (outcomes.get(i)) {
                case Outcome.Accepted done -> {
                    counts.accepted.increment();
                    counts.visible(good.get(i).timestamp(), now);
                }
                case Outcome.Duplicate done -> counts.repeated.increment();
                case Refused rule -> {
                    if (rule.code().equals(NO_PRODUCER) || !(changes.get(i) instanceof Change.Engagement)) {
                        throw new IllegalStateException(rule.message());
                    }
                    turnedAway.add(new BadRecord(good.get(i), rule)); // only what was live by then could say it
                }
            }
        }
        letter(turnedAway);
    }

    /** A record that is older than its subject's erasure is read over, however late it comes. */
    private boolean isErased(Change change, long timestamp) {
        return isErased(change.id(), timestamp)
                || (change instanceof Change.Engagement event && isErased(event.user(), timestamp));
    }

    private boolean isErased(EntityId id, long timestamp) {
        return erased.all().has(id)
                && timestamp <= erased.erasedAt(id.toString()).orElse(Long.MIN_VALUE);
    }

    private static ChangeParser.Parsed parse(
            ChangeParser parser, SpaceVersion version, ConsumerRecord<byte[], byte[]> each) {
        ChangeParser.Parsed parsed = wrongTraining(version, each)
                .<ChangeParser.Parsed>map(ChangeParser.Parsed.Bad::new)
                .orElseGet(() -> parse(parser, each));
        if (!(parsed instanceof ChangeParser.Parsed.Good good)) {
            return parsed;
        }
        Change numbered = good.change().numbered(each.offset());
        Change change =
                version.space().policy().aging().isNone() ? numbered : numbered.madeAt(Math.max(0, each.timestamp()));
        return version.refusal(change)
                .<ChangeParser.Parsed>map(ChangeParser.Parsed.Bad::new)
                .orElseGet(() -> new ChangeParser.Parsed.Good(change));
    }

    private static ChangeParser.Parsed parse(ChangeParser parser, ConsumerRecord<byte[], byte[]> each) {
        byte[] value = each.value();
        if (value == null) {
            return tombstone(each.key());
        }
        return value.length > LineReader.LINE_BYTES_MAX
                ? ChangeParser.tooLong(LineReader.LINE_BYTES_MAX)
                : parser.parse(value);
    }

    /** A record without a value, by which compacted topics say that a key is gone. */
    private static ChangeParser.Parsed tombstone(byte @Nullable [] key) {
        try {
            String id = key == null ? "" : new String(key, StandardCharsets.UTF_8);
            return new ChangeParser.Parsed.Good(new Change.Delete(EntityId.parse(id), OptionalLong.empty()));
        } catch (IllegalArgumentException e) {
            return new ChangeParser.Parsed.Bad(new Refused("malformed-id", String.valueOf(e.getMessage())));
        }
    }

    private static Optional<Refused> wrongTraining(SpaceVersion version, ConsumerRecord<byte[], byte[]> each) {
        Header header = each.headers().lastHeader(TRAINING);
        if (header == null || header.value() == null) {
            return Optional.empty();
        }
        String named = new String(header.value(), StandardCharsets.UTF_8);
        String live = version.file().training().orElse("none");
        return named.equals(live)
                ? Optional.empty()
                : Optional.of(new Refused(
                        "training-differs",
                        "vectors of a space are of one training: the live rows name %s, the record %s"
                                .formatted(live, named)));
    }

    private void putAway(String producer, List<BadRecord> refused) throws InterruptedException {
        long last = letters.getOrDefault(producer, -1L);
        List<BadRecord> fresh =
                refused.stream().filter(each -> each.record().offset() > last).toList();
        if (!fresh.isEmpty()) {
            letter(fresh);
            letters.put(producer, fresh.getLast().record().offset());
        }
    }

    private void letter(List<BadRecord> fresh) throws InterruptedException {
        if (fresh.isEmpty()) {
            return;
        }
        if (deadLetters.isPresent()) {
            deadLetters.get().put(fresh);
        }
        counts.refused.add(fresh.size());
        lastRefused = Optional.of(fresh.getLast().words());
        LOG.warn(
                "{} records of {} are no changes to {}, the last one: {}",
                fresh.size(),
                topic,
                space,
                fresh.getLast().words());
    }

    private void tell(Consumer<byte[], byte[]> consumer, String release) {
        List<Place> places = new ArrayList<>();
        long lag = 0;
        for (TopicPartition each : consumer.assignment()) {
            OptionalLong behind = consumer.currentLag(each);
            places.add(new Place(each.partition(), consumer.position(each), behind));
            lag += behind.orElse(0);
        }
        counts.lag.set(lag);
        state = new State(release, Optional.empty(), List.copyOf(places));
    }
}
