package repscorer.api.changes;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import repscorer.api.config.Overlay;
import repscorer.core.disk.Disk;
import repscorer.core.disk.DiskFullException;
import repscorer.core.experiment.Canary;
import repscorer.core.experiment.Switches;
import repscorer.core.experiment.Switches.Kind;
import repscorer.core.experiment.Switches.Part;
import repscorer.core.failure.ScorerException.Storage;
import repscorer.core.log.LogPlace;
import repscorer.core.log.LogReplay;
import repscorer.core.log.RecordLog;

/**
 * Every change, in the order they came, on the device: what is in force by the API follows from it and from nothing else. Safe for
 * concurrent use.
 */
public final class ChangeHistory {

    /*
     * One append keeps both what was done and what holds by it, so that no crash parts the two. Refused changes are kept with the
     * others, for who asks what was tried; what holds does not hang on them. The last entries of each place are held in memory.
     */

    private static final Logger LOG = LoggerFactory.getLogger(ChangeHistory.class);

    /** Entries that are told of one place, the last of them. */
    static final int TOLD_MAX = 1_000;

    private static final String NAME = "changes";

    private final Path data;
    private final Path directory;
    private final RecordLog<Change> log;
    private long sequence;
    private boolean begun;
    private final Map<Change.Place, String> holding = new HashMap<>();
    private final Map<Change.Place, List<Change>> told = new LinkedHashMap<>();

    private ChangeHistory(Path data) throws IOException {
        this.data = data;
        directory = data.resolve(NAME);
        LogPlace place = new LogPlace(data, directory, NAME, NAME);
        begun = Disk.LOCAL.isDirectory(directory);
        LogReplay.Result<Change> replayed = begun
                ? LogReplay.read(Disk.LOCAL, place, ChangeFormat.INSTANCE, 0, (number, each) -> take(each))
                : LogReplay.Result.nothing();
        replayed.findings().forEach(finding -> LOG.warn("the history of changes: {}", finding));
        sequence = replayed.sequence();
        log = new RecordLog<>(Disk.LOCAL, place, ChangeFormat.INSTANCE, replayed);
    }

    /**
     * Reads the history of a data directory, which has none before the first change.
     *
     * @throws IOException when it cannot be read
     */
    public static ChangeHistory open(Path data) throws IOException {
        return new ChangeHistory(data);
    }

    private void take(Change change) {
        if (change.refusal().isEmpty()) {
            change.after()
                    .ifPresentOrElse(after -> holding.put(change.place(), after), () -> holding.remove(change.place()));
        }
        List<Change> entries = told.computeIfAbsent(change.place(), each -> new ArrayList<>());
        entries.add(change);
        if (entries.size() > TOLD_MAX) {
            entries.removeFirst();
        }
    }

    /**
     * Keeps a change, synced.
     *
     * @throws Storage where the disk does not take it; it is no change then
     */
    synchronized void keep(Change change) {
        try {
            if (!begun) {
                Disk.LOCAL.createDirectories(directory);
                Disk.LOCAL.syncDirectory(data);
                begun = true;
            }
            log.append(sequence + 1, List.of(change));
        } catch (IOException e) {
            throw new Storage(
                    e instanceof DiskFullException ? Storage.Reason.FULL : Storage.Reason.FAILED,
                    false,
                    "the change is not kept, and nothing is changed: %s".formatted(e.getMessage()),
                    e);
        }
        sequence++;
        take(change);
    }

    /** What holds by all changes so far. */
    public synchronized Overlay overlay() {
        SortedMap<String, String> experiments = new TreeMap<>();
        Map<Part, Integer> switches = new HashMap<>();
        Map<String, Set<String>> stopped = new HashMap<>();
        List<Canary> canaries = new ArrayList<>(); // one at most, for all are of one place
        holding.forEach((place, after) -> {
            switch (place.subject()) {
                case EXPERIMENT -> experiments.put(place.name(), after);
                case SWITCH -> switches.put(part(place), Integer.parseInt(after));
                case VARIANT ->
                    stopped.computeIfAbsent(place.name(), each -> new HashSet<>())
                            .add(place.part());
                case CANARY -> canaries.add(Canary.ofText(after));
            }
        });
        return new Overlay(
                experiments, new Switches(switches), stopped, canaries.stream().findFirst());
    }

    private static Part part(Change.Place place) {
        for (Kind kind : Kind.values()) {
            if (kind.toString().equals(place.part())) {
                return new Part(kind, place.name());
            }
        }
        throw new IllegalStateException("a switch is of a kind: " + place);
    }

    /** What was done to an experiment and its variants, latest first. */
    public synchronized List<Change> ofExperiment(String name) {
        return told.entrySet().stream()
                .filter(each -> (each.getKey().subject() == Change.Subject.EXPERIMENT
                                || each.getKey().subject() == Change.Subject.VARIANT)
                        && each.getKey().name().equals(name))
                .flatMap(each -> each.getValue().stream())
                .sorted(Comparator.comparing(Change::at).reversed())
                .limit(TOLD_MAX)
                .toList();
    }

    /** What was done to switches, latest first. */
    public List<Change> ofSwitches() {
        return of(Change.Subject.SWITCH);
    }

    /** What became of canaries, latest first. */
    public List<Change> ofCanaries() {
        return of(Change.Subject.CANARY);
    }

    private synchronized List<Change> of(Change.Subject subject) {
        return told.entrySet().stream()
                .filter(each -> each.getKey().subject() == subject)
                .flatMap(each -> each.getValue().stream())
                .sorted(Comparator.comparing(Change::at).reversed())
                .limit(TOLD_MAX)
                .toList();
    }

    /** The change by which something holds; empty where nothing was said of it, or it was taken away. */
    public synchronized Optional<Change> holding(Change.Subject subject, String name, String part) {
        Change.Place place = new Change.Place(subject, name, part);
        return holding.containsKey(place)
                ? told.getOrDefault(place, List.of()).stream()
                        .filter(each -> each.refusal().isEmpty())
                        .reduce((earlier, later) -> later)
                : Optional.empty();
    }
}
