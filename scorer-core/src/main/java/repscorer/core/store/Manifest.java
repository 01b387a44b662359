package repscorer.core.store;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import repscorer.core.codes.CodesLoss;
import repscorer.core.disk.SealedText;
import repscorer.core.store.Release.IndexCheck;
import repscorer.core.store.Release.State;
import repscorer.core.store.RepresentationStore.Missing;
import repscorer.core.store.gate.Verdict;
import repscorer.core.store.gate.VerdictText;

/**
 * What is known of a release after a restart.
 *
 * @param sequence counts publications, so that newer and older are told apart whatever the clock says
 * @param versions as published, by space
 * @param rejection present for a release whose publication failed, and why; its rows are not kept here
 * @param bases the files that changes were compacted into or that were carried over, by space; spaces without one are as they
 *     were published
 * @param carried the releases that spaces were carried over from, by space
 * @param staged present for a release that was built and checked and never live: what becomes of spaces that it lacks; its
 *     files are where they were staged
 * @param pinned whether no retention takes it
 * @param verdict what it was held to before it went live, or was to
 */
record Manifest(
        String name,
        long sequence,
        Instant publishedAt,
        Map<String, String> versions,
        List<IndexCheck> checks,
        Optional<String> rejection,
        Map<String, Base> bases,
        Map<String, String> carried,
        Optional<Missing> staged,
        boolean pinned,
        Verdict verdict) {

    /**
     * A file that changes were compacted into.
     *
     * @param number in the file's name
     * @param sequence of the last change in it
     * @param highest number accepted by each producer up to then
     * @param since when rows of it were made that do not say it; with the release where absent
     */
    record Base(int number, String checksum, long sequence, Map<String, Long> highest, Optional<Instant> since) {

        Base {
            highest = Map.copyOf(highest);
        }
    }

    private static final String VERSION = "version.";
    private static final String RECALL = "check.recall@" + IndexCheck.NEIGHBORS + " of ";
    private static final String UNREACHABLE = "check.unreachable of ";
    private static final String CODES_ERROR = "check.codes-error of ";
    private static final String CODES_RECALL = "check.codes-recall@" + CodesLoss.NEIGHBORS + " of ";
    private static final String CARRIED = "carried.";
    private static final String BASE = "base.";
    private static final String NUMBER = ".number";
    private static final String CHECKSUM = ".checksum";
    private static final String SEQUENCE = ".sequence";
    private static final String SINCE = ".since";
    private static final String PRODUCER = ".producer.";
    private static final String PINNED = "pinned";
    private static final String STAGED = "staged";
    private static final String STAGED_CARRY = "staged.carry.";
    private static final String PARTIAL = "partial";
    private static final String WHOLE = "whole";

    Manifest {
        versions = Collections.unmodifiableMap(new TreeMap<>(versions)); // who goes through them does in their order
        checks = List.copyOf(checks);
        bases = Map.copyOf(bases);
        carried = Map.copyOf(carried);
    }

    /** A release as it is published. */
    Manifest(
            String name,
            long sequence,
            Instant publishedAt,
            Map<String, String> versions,
            List<IndexCheck> checks,
            Optional<String> rejection) {
        this(
                name,
                sequence,
                publishedAt,
                versions,
                checks,
                rejection,
                Map.of(),
                Map.of(),
                Optional.empty(),
                false,
                Verdict.NONE);
    }

    /** The same release built and checked and not live. */
    Manifest withStaged(Missing missing) {
        return new Manifest(
                name,
                sequence,
                publishedAt,
                versions,
                checks,
                rejection,
                bases,
                carried,
                Optional.of(missing),
                pinned,
                verdict);
    }

    /** The same release, and why its last promotion failed. */
    Manifest withRejection(String reason) {
        return new Manifest(
                name,
                sequence,
                publishedAt,
                versions,
                checks,
                Optional.of(reason),
                bases,
                carried,
                staged,
                pinned,
                verdict);
    }

    /** The same release, kept whatever its age or not. */
    Manifest withPinned(boolean kept) {
        return new Manifest(
                name, sequence, publishedAt, versions, checks, rejection, bases, carried, staged, kept, verdict);
    }

    /** The same release, and what it was held to. */
    Manifest with(Verdict judged) {
        return new Manifest(
                name, sequence, publishedAt, versions, checks, rejection, bases, carried, staged, pinned, judged);
    }

    /** The same release with a space of another one. */
    Manifest withCarried(String space, Base base, Manifest from) {
        Map<String, String> all = new TreeMap<>(versions);
        all.put(space, from.versions().getOrDefault(space, ""));
        Map<String, String> origins = new TreeMap<>(carried);
        origins.put(space, from.name());
        List<IndexCheck> measured = new ArrayList<>(checks);
        from.checks().stream().filter(check -> check.space().equals(space)).forEach(measured::add);
        return new Manifest(
                        name, sequence, publishedAt, all, measured, rejection, bases, origins, staged, pinned, verdict)
                .with(space, base);
    }

    /** Whether it was published from files of these versions, by space, whatever was carried over beside them. */
    boolean isOf(Map<String, String> staged) {
        Map<String, String> all = new TreeMap<>(versions);
        carried.keySet().stream().filter(space -> !staged.containsKey(space)).forEach(all::remove);
        return all.equals(staged);
    }

    /** The same release after changes to a space were compacted. @param check what was measured of the new base's index */
    Manifest with(String space, Base base, Optional<IndexCheck> check) {
        List<IndexCheck> measured = new ArrayList<>(checks);
        measured.removeIf(each -> each.space().equals(space));
        check.ifPresent(measured::add);
        return new Manifest(
                        name,
                        sequence,
                        publishedAt,
                        versions,
                        measured,
                        rejection,
                        bases,
                        carried,
                        staged,
                        pinned,
                        verdict)
                .with(space, base);
    }

    private Manifest with(String space, Base base) {
        Map<String, Base> changed = new TreeMap<>(bases);
        changed.put(space, base);
        return new Manifest(
                name, sequence, publishedAt, versions, checks, rejection, changed, carried, staged, pinned, verdict);
    }

    /** What a space's file is called. */
    String fileOf(String space) {
        Base base = bases.get(space);
        return base == null ? Layout.fileName(space) : Layout.fileName(space, base.number());
    }

    String checksumOf(String space) {
        Base base = bases.get(space);
        return base == null ? versions.getOrDefault(space, "") : base.checksum();
    }

    /** When a space's rows were made that do not say it. */
    Instant since(String space) {
        Base base = bases.get(space);
        return base == null ? publishedAt : base.since().orElse(publishedAt);
    }

    boolean rejected() {
        return rejection.isPresent() && staged.isEmpty();
    }

    /** Whether it is or was live. */
    boolean published() {
        return rejection.isEmpty() && staged.isEmpty();
    }

    Release toRelease(String live) {
        State state = staged.isPresent()
                ? State.STAGED
                : rejected() ? State.REJECTED : name.equals(live) ? State.LIVE : State.KEPT;
        return new Release(name, state, publishedAt, versions, checks, rejection, carried, pinned, verdict);
    }

    byte[] toBytes() {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("name", name);
        entries.put("sequence", Long.toString(sequence));
        entries.put("published-at", publishedAt.toString());
        new TreeMap<>(versions).forEach((space, version) -> entries.put(VERSION + space, version));
        Map<String, Double> measured = new TreeMap<>();
        for (IndexCheck check : checks) {
            check.recall().ifPresent(recall -> measured.put(RECALL + check.space(), recall));
            check.unreachable().ifPresent(rows -> measured.put(UNREACHABLE + check.space(), (double) rows));
            check.codes().ifPresent(loss -> {
                measured.put(CODES_ERROR + check.space(), loss.error());
                measured.put(CODES_RECALL + check.space(), loss.recall());
            });
        }
        measured.forEach((key, value) -> entries.put(key, Double.toString(value)));
        rejection.ifPresent(reason -> entries.put("rejection", reason));
        new TreeMap<>(carried).forEach((space, release) -> entries.put(CARRIED + space, release));
        new TreeMap<>(bases).forEach((space, base) -> {
            String key = BASE + space;
            entries.put(key + NUMBER, Integer.toString(base.number()));
            entries.put(key + CHECKSUM, base.checksum());
            entries.put(key + SEQUENCE, Long.toString(base.sequence()));
            base.since().ifPresent(since -> entries.put(key + SINCE, since.toString()));
            new TreeMap<>(base.highest())
                    .forEach((producer, number) -> entries.put(key + PRODUCER + producer, number.toString()));
        });
        staged.ifPresent(missing -> {
            entries.put(STAGED, missing.left() ? PARTIAL : WHOLE);
            int number = 0;
            for (String space : new TreeSet<>(missing.carried())) {
                entries.put(STAGED_CARRY + number++, space);
            }
        });
        if (pinned) {
            entries.put(PINNED, "true");
        }
        VerdictText.write(verdict, entries);
        return SealedText.write(entries);
    }

    /** @throws IllegalArgumentException when the text is damaged */
    static Manifest parse(byte[] content) {
        Map<String, String> entries = SealedText.read(content);
        Map<String, String> versions = bySpace(entries, VERSION);
        try {
            return new Manifest(
                    required(entries, "name"),
                    Long.parseLong(required(entries, "sequence")),
                    Instant.parse(required(entries, "published-at")),
                    versions,
                    checks(entries, versions.keySet()),
                    Optional.ofNullable(entries.get("rejection")),
                    bases(entries, versions.keySet()),
                    bySpace(entries, CARRIED),
                    staged(entries),
                    entries.containsKey(PINNED),
                    VerdictText.read(entries));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static Optional<Missing> staged(Map<String, String> entries) {
        return Optional.ofNullable(entries.get(STAGED))
                .map(left -> new Missing(
                        left.equals(PARTIAL),
                        Set.copyOf(bySpace(entries, STAGED_CARRY).values())));
    }

    private static Map<String, String> bySpace(Map<String, String> entries, String prefix) {
        Map<String, String> values = new TreeMap<>();
        entries.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                values.put(key.substring(prefix.length()), value);
            }
        });
        return values;
    }

    private static List<IndexCheck> checks(Map<String, String> entries, Set<String> spaces) {
        List<IndexCheck> checks = new ArrayList<>();
        for (String space : spaces) {
            String recall = entries.get(RECALL + space);
            String unreachable = entries.get(UNREACHABLE + space);
            String error = entries.get(CODES_ERROR + space);
            String byCodes = entries.get(CODES_RECALL + space);
            Optional<CodesLoss> codes = error == null || byCodes == null
                    ? Optional.empty()
                    : Optional.of(new CodesLoss(Double.parseDouble(error), Double.parseDouble(byCodes)));
            if (recall != null || unreachable != null || codes.isPresent()) {
                checks.add(new IndexCheck(
                        space,
                        recall == null ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(recall)),
                        unreachable == null
                                ? OptionalInt.empty()
                                : OptionalInt.of((int) Double.parseDouble(unreachable)),
                        codes));
            }
        }
        return checks;
    }

    private static Map<String, Base> bases(Map<String, String> entries, Set<String> spaces) {
        Map<String, Base> bases = new TreeMap<>();
        for (String space : spaces) {
            String key = BASE + space;
            if (entries.containsKey(key + NUMBER)) {
                Map<String, Long> highest = new TreeMap<>();
                entries.forEach((name, value) -> {
                    if (name.startsWith(key + PRODUCER)) {
                        highest.put(name.substring((key + PRODUCER).length()), Long.valueOf(value));
                    }
                });
                bases.put(
                        space,
                        new Base(
                                Integer.parseInt(required(entries, key + NUMBER)),
                                required(entries, key + CHECKSUM),
                                Long.parseLong(required(entries, key + SEQUENCE)),
                                highest,
                                Optional.ofNullable(entries.get(key + SINCE)).map(Instant::parse)));
            }
        }
        return bases;
    }

    private static String required(Map<String, String> entries, String key) {
        String value = entries.get(key);
        if (value == null) {
            throw new IllegalArgumentException("the line '%s' is missing".formatted(key));
        }
        return value;
    }
}
