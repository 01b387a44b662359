package repscorer.training.evaluate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import repscorer.training.graph.DataException;
import repscorer.training.graph.Fingerprints;
import repscorer.training.graph.HoldOut;
import repscorer.training.graph.Relation;
import repscorer.training.plan.TrainingPlan;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What edges a release knows, so that it is not judged by them: a part of its {@link #REPORT}.
 *
 * @param fingerprints of the edges that were trained on, by relation; the order of rows does not matter
 * @param until the plan's hold-out-from: no timed edge from then on was trained on
 * @param others whether the release began with one that knew other edges, so that nobody can tell which it has not met
 */
public record TrainedEdges(Map<String, String> fingerprints, Optional<Instant> until, boolean others) {

    /** The name of a release's report. */
    public static final String REPORT = "training.json";

    private static final String KEY = "trained-edges";

    public TrainedEdges {
        fingerprints = Collections.unmodifiableSortedMap(new TreeMap<>(fingerprints));
    }

    /** The training edges of a split. */
    public static TrainedEdges of(HoldOut.Split split, TrainingPlan plan, boolean others) {
        return new TrainedEdges(Fingerprints.of(split.training()), plan.holdOutFrom(), others);
    }

    /** What a release's report tells; empty where it tells nothing, as of a release that others made. */
    public static Optional<TrainedEdges> read(Path release) {
        Path report = release.resolve(REPORT);
        if (!Files.isRegularFile(report)) {
            return Optional.empty();
        }
        try {
            JsonNode told =
                    JsonMapper.shared().readTree(Files.readString(report)).path(KEY);
            if (!told.isObject()) {
                return Optional.empty();
            }
            Map<String, String> fingerprints = new TreeMap<>();
            told.path("fingerprints")
                    .properties()
                    .forEach(e -> fingerprints.put(e.getKey(), e.getValue().asString()));
            JsonNode until = told.path("until");
            return Optional.of(new TrainedEdges(
                    fingerprints,
                    until.isString() ? Optional.of(Instant.parse(until.asString())) : Optional.empty(),
                    told.path("others").asBoolean(true)));
        } catch (IOException | JacksonException | java.time.format.DateTimeParseException e) {
            throw new DataException("%s is no report of a training: %s".formatted(report, e.getMessage()), e);
        }
    }

    /**
     * Throws where edges that the release was trained on may judge it.
     *
     * @param release whose edges these are
     */
    public void check(Path release, HoldOut.Split split, TrainingPlan plan) {
        String report = release.resolve(REPORT).toString();
        if (others) {
            throw new DataException(
                    "the release began with one that knew other edges, perhaps those held out: trained-edges.others in %s; train it without --from to judge it"
                            .formatted(report));
        }
        Map<String, String> now = Fingerprints.of(split.training());
        for (Relation held : split.held().values()) {
            String then = fingerprints.get(held.group());
            String here = now.getOrDefault(held.group(), "");
            if (held.edges() > 0 && then != null && !then.equals(here) && !afterwards(held, plan)) {
                throw new DataException(
                        "the release was trained on other edges than data and plan now leave to training, so edges it knows could judge it: relation %s has %s in %s, %s in the data; judge by the data and plan of the training"
                                .formatted(held.group(), then, report, here));
            }
        }
    }

    /** Whether a release that knows these edges can be gone on from without knowing any that the split holds out. */
    public boolean leaves(HoldOut.Split split, TrainingPlan plan) {
        try {
            check(Path.of(""), split, plan);
            return true;
        } catch (DataException e) {
            return false;
        }
    }

    /** Whether a relation's held-out edges are all later than any timed edge that was trained on. */
    private boolean afterwards(Relation held, TrainingPlan plan) {
        return held.timed()
                && held.plan().test().isEmpty()
                && until.isPresent()
                && plan.holdOutFrom().isPresent()
                && !until.get().isAfter(plan.holdOutFrom().get());
    }
}
