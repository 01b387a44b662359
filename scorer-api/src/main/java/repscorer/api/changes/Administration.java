package repscorer.api.changes;

import java.time.InstantSource;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import repscorer.api.audit.AuditTrail;
import repscorer.api.changes.Change.Subject;
import repscorer.api.config.ConfigFiles.Document;
import repscorer.api.config.Overlay;
import repscorer.api.engine.LiveConfig;
import repscorer.api.engine.Serving;
import repscorer.api.security.Caller;
import repscorer.core.experiment.Canary;
import repscorer.core.experiment.Experiment;
import repscorer.core.experiment.Switches;
import repscorer.core.experiment.Switches.Part;
import repscorer.core.failure.ScorerException.Conflict;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.failure.ScorerException.NotFound;
import repscorer.core.failure.ScorerException.Rejected;

/**
 * Changes experiments, stops and switches: one after the other, each checked against the whole configuration, kept, and then in force.
 * What is refused changes nothing, and is kept in the history too. Safe for concurrent use.
 */
@Component
public final class Administration {

    private static final Logger LOG = LoggerFactory.getLogger(Administration.class);

    private static final int DOCUMENT_CHARACTERS_MAX = 65_536;
    private static final int REASON_CHARACTERS_MAX = 1_000;

    /** What a route of its own has. */
    private static final Set<String> RESERVED = Set.of("assignments");

    private static final Pattern NAME = Pattern.compile("[^\\s\\p{Cntrl}]{1,200}");

    private final LiveConfig live;
    private final ChangeHistory history;
    private final AuditTrail trail;
    private final InstantSource time = InstantSource.system();

    Administration(LiveConfig live, ChangeHistory history, AuditTrail trail) {
        this.live = live;
        this.history = history;
        this.trail = trail;
    }

    /** Who changes something, and why. */
    public record Request(String author, String reason) {

        /** @throws Invalid for a reason that says nothing, or too much */
        public Request {
            if (reason.isBlank() || reason.length() > REASON_CHARACTERS_MAX) {
                throw new Invalid(
                        "reason-missing",
                        "reason",
                        "a change has a reason, of at most %s characters".formatted(REASON_CHARACTERS_MAX));
            }
        }

        /** By whoever asks now, as who it was let in. */
        public static Request byCaller(String reason) {
            return new Request(Caller.name().orElseThrow(), reason);
        }
    }

    /** What a caller knows of an experiment's document that it is about to change. */
    public sealed interface Expected {

        /** There is none yet. */
        record Absent() implements Expected {}

        /** It is of this version. */
        record Version(String digest) implements Expected {}

        /** Whatever it is. */
        record Any() implements Expected {}
    }

    public ChangeHistory history() {
        return history;
    }

    /** What says what an experiment is. */
    public Optional<Document> document(String name) {
        return Optional.ofNullable(live.serving().documents().get(name));
    }

    /**
     * Puts a document into force in place of what there is of an experiment, a file's included.
     *
     * @throws Invalid for a document of another experiment or too long a one
     * @throws Conflict where another one is in force than was expected
     * @throws Rejected where the configuration with it breaks a rule, with place and line
     */
    public synchronized void put(String name, String document, Expected expected, Request by) {
        if (RESERVED.contains(name)) {
            throw new Invalid("reserved-name", "name", "an experiment cannot be called '%s'".formatted(name));
        }
        if (document.length() > DOCUMENT_CHARACTERS_MAX) {
            throw new Invalid(
                    "document-too-long",
                    "body",
                    "a document has at most %s characters: %s".formatted(DOCUMENT_CHARACTERS_MAX, document.length()));
        }
        Optional<Document> before = document(name);
        check(name, before, expected);
        SortedMap<String, String> experiments = new TreeMap<>(live.overlay().experiments());
        experiments.put(name, document);
        apply(
                live.overlay().withExperiments(experiments),
                change(Subject.EXPERIMENT, name, "", before.map(Document::text), Optional.of(document), by));
    }

    /**
     * Takes away what the API said of an experiment; a file's is in force again where there is one.
     *
     * @throws NotFound where there is no such experiment
     * @throws Conflict where a file alone says it, or another one is in force than was expected
     */
    public synchronized void delete(String name, Expected expected, Request by) {
        Optional<Document> before = document(name);
        boolean ofApi = history.holding(Subject.EXPERIMENT, name, "").isPresent();
        if (before.isEmpty() && !ofApi) {
            throw unknown(name);
        }
        check(name, before, expected);
        if (!ofApi) {
            throw new Conflict(
                    "experiment-of-file",
                    "%s says what experiment %s is: delete the file, or put it with enabled: false"
                            .formatted(before.map(Document::place).orElse("a file"), name));
        }
        apply(
                live.overlay().without(name),
                change(Subject.EXPERIMENT, name, "", before.map(Document::text), Optional.empty(), by));
    }

    private static void check(String name, Optional<Document> there, Expected expected) {
        String now = there.map(Document::digest).orElse("none");
        switch (expected) {
            case Expected.Any any -> {}
            case Expected.Absent absent -> {
                if (there.isPresent()) {
                    throw new Conflict(
                            "version-differs", "experiment %s is there already, of version %s".formatted(name, now));
                }
            }
            case Expected.Version version -> {
                if (!version.digest().equals(now)) {
                    throw new Conflict(
                            "version-differs",
                            "another version of experiment %s is in force: %s, and not %s"
                                    .formatted(name, now, version.digest()));
                }
            }
        }
    }

    /** Stops a variant, or lets it go on. Does nothing where it is so already; answers whether it did something. */
    public synchronized boolean stop(String experiment, String variant, boolean stopped, Request by) {
        Experiment known = live.serving().config().experiments().stream()
                .filter(each -> each.name().equals(experiment))
                .findFirst()
                .orElseThrow(() -> unknown(experiment));
        if (known.variants().stream().noneMatch(each -> each.name().equals(variant))) {
            throw new NotFound(
                    "unknown-variant",
                    "experiment %s has no variant '%s'; there are %s"
                            .formatted(
                                    experiment,
                                    variant,
                                    known.variants().stream()
                                            .map(each -> each.name())
                                            .toList()));
        }
        Map<String, Set<String>> stops = new HashMap<>(live.overlay().stopped());
        Set<String> variants = new HashSet<>(stops.getOrDefault(experiment, Set.of()));
        if (!(stopped ? variants.add(variant) : variants.remove(variant))) {
            return false;
        }
        stops.put(experiment, variants);
        Optional<String> now = Optional.of(Change.STOPPED);
        apply(
                live.overlay().withStopped(stops),
                change(
                        Subject.VARIANT,
                        experiment,
                        variant,
                        stopped ? Optional.empty() : now,
                        stopped ? now : Optional.empty(),
                        by));
        return true;
    }

    /**
     * Serves a part to a share of those who ask; without a share, to whom a file says, or to all.
     *
     * @throws NotFound for a surface or a space that is not declared
     * @throws Invalid for a share that is none
     */
    public synchronized void flip(Part part, Optional<Integer> share, Request by) {
        checkDeclared(part);
        Map<Part, Integer> shares = new HashMap<>(live.overlay().switches().shares());
        if (share.isPresent()) {
            shares.put(part, share.get());
        } else {
            shares.remove(part);
        }
        Switches switches;
        try {
            switches = new Switches(shares);
        } catch (IllegalArgumentException e) {
            throw new Invalid("out-of-range", "share", String.valueOf(e.getMessage()));
        }
        Optional<String> before = Optional.ofNullable(
                        live.serving().config().switches().shares().get(part))
                .map(String::valueOf);
        apply(
                live.overlay().with(switches),
                change(Subject.SWITCH, part.name(), part.kind().toString(), before, share.map(String::valueOf), by));
    }

    /**
     * Has a release answer a share of units, or none. Does nothing where it is so already; answers whether it did something.
     *
     * @throws Conflict where another canary runs
     */
    public synchronized boolean canary(Optional<Canary> next, Request by) {
        Optional<Canary> before = live.overlay().canary();
        if (before.equals(next)) {
            return false;
        }
        if (before.isPresent() && next.isPresent()) {
            throw new Conflict(
                    "canary-runs",
                    "one canary runs at a time: release %s; stop it or promote it first"
                            .formatted(before.get().release()));
        }
        apply(
                live.overlay().with(next),
                change(Subject.CANARY, Change.CANARY, "", before.map(Canary::toText), next.map(Canary::toText), by));
        return true;
    }

    private void checkDeclared(Part part) {
        Serving serving = live.serving();
        boolean known = switch (part.kind()) {
            case SURFACE ->
                serving.config().plans().stream()
                        .anyMatch(each -> each.surface().equals(part.name()));
            case SPACE ->
                serving.config().spaces().stream().anyMatch(each -> each.name().equals(part.name()));
            case RELEASE, CALLER -> NAME.matcher(part.name()).matches();
        };
        // What was switched off while it was declared may be switched on again.
        if (!known && !live.overlay().switches().shares().containsKey(part)) {
            throw new NotFound("unknown-" + part.kind(), "no %s is called '%s'".formatted(part.kind(), part.name()));
        }
    }

    private Change change(
            Subject subject, String name, String part, Optional<String> before, Optional<String> after, Request by) {
        return new Change(
                time.instant(), by.author(), by.reason(), subject, name, part, before, after, Optional.empty());
    }

    private void apply(Overlay next, Change change) {
        boolean ofItself = Caller.name().isEmpty();
        SortedMap<String, String> before = ofItself ? trail.state() : Collections.emptySortedMap();
        try {
            live.overlay(next, () -> history.keep(change));
            if (ofItself) {
                trail.note(change.author(), "the service", change.reason(), 0, before);
            }
        } catch (Rejected e) {
            history.keep(new Change(
                    change.at(),
                    change.author(),
                    change.reason(),
                    change.subject(),
                    change.name(),
                    change.part(),
                    change.before(),
                    change.after(),
                    Optional.of(String.valueOf(e.getMessage()))));
            throw e;
        }
        LOG.info(
                "{} {} {} changed by {}: {}",
                change.subject().name().toLowerCase(java.util.Locale.ROOT),
                change.part(),
                change.name(),
                change.author(),
                change.reason());
    }

    private static NotFound unknown(String experiment) {
        return new NotFound("unknown-experiment", "no experiment is called '%s'".formatted(experiment));
    }
}
