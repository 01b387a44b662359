package repscorer.api.config;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import repscorer.core.experiment.Canary;
import repscorer.core.experiment.Switches;

/**
 * What was said over the API: it lies over the files of a configuration, and wins over what they say of the same. Immutable.
 *
 * @param experiments documents as a file of {@code experiments/} holds one, by the experiment's name
 * @param switches that were set
 * @param stopped the names of stopped variants, by experiment
 * @param canary the release that a share of units is answered by
 */
public record Overlay(
        SortedMap<String, String> experiments,
        Switches switches,
        Map<String, Set<String>> stopped,
        Optional<Canary> canary) {

    /** Nothing was said. */
    public static final Overlay NONE = new Overlay(new TreeMap<>(), Switches.NONE, Map.of(), Optional.empty());

    public Overlay {
        experiments = Collections.unmodifiableSortedMap(new TreeMap<>(experiments));
        stopped = stopped.entrySet().stream()
                .filter(each -> !each.getValue().isEmpty())
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, each -> Set.copyOf(each.getValue())));
    }

    /** The same without an experiment. */
    public Overlay without(String experiment) {
        SortedMap<String, String> others = new TreeMap<>(experiments);
        others.remove(experiment);
        return withExperiments(others);
    }

    /** The same with other experiments. */
    public Overlay withExperiments(SortedMap<String, String> others) {
        return new Overlay(others, switches, stopped, canary);
    }

    /** The same with other switches. */
    public Overlay with(Switches others) {
        return new Overlay(experiments, others, stopped, canary);
    }

    /** The same with other stops. */
    public Overlay withStopped(Map<String, Set<String>> others) {
        return new Overlay(experiments, switches, others, canary);
    }

    /** The same with another canary, or none. */
    public Overlay with(Optional<Canary> other) {
        return new Overlay(experiments, switches, stopped, other);
    }

    /** Switches and stops as text that is the same for the same. */
    String switched() {
        return switches.shares().entrySet().stream()
                .map(each ->
                        "%s %s %s".formatted(each.getKey().kind(), each.getKey().name(), each.getValue()))
                .sorted()
                .collect(Collectors.joining("\n"));
    }

    String stops() {
        return stopped.entrySet().stream()
                .flatMap(each -> each.getValue().stream().map(variant -> each.getKey() + " " + variant))
                .sorted()
                .collect(Collectors.joining("\n"));
    }
}
