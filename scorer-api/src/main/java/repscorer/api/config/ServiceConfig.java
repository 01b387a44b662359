package repscorer.api.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import repscorer.core.embedding.Space;
import repscorer.core.experiment.Assigner;
import repscorer.core.experiment.Experiment;
import repscorer.core.plan.ScoringPlan;
import repscorer.yaml.ConfigException;
import repscorer.yaml.YamlFile;

/**
 * Everything a service is told by its configuration directory: {@code scorer.yaml}, {@code spaces/*.yaml},
 * {@code surfaces/*.yaml}, {@code experiments/*.yaml} and {@code signals.yaml}. All names were checked against each other.
 */
public record ServiceConfig(
        ServiceSettings settings,
        List<Space> spaces,
        List<ScoringPlan> plans,
        List<Experiment> experiments,
        SignalSettings signals) {

    /** What a configuration directory holds; trainings and demos read the last two. */
    private static final List<String> KNOWN =
            List.of("scorer.yaml", "signals.yaml", "spaces", "surfaces", "experiments", "training", "demo");

    public ServiceConfig {
        spaces = List.copyOf(spaces);
        plans = List.copyOf(plans);
        experiments = List.copyOf(experiments);
    }

    /**
     * Reads a configuration directory.
     *
     * @param environment variables such as {@code REPSCORER_PORT}, which win over {@code scorer.yaml}
     * @param settings dotted keys of {@code scorer.yaml} and values, which win over both
     * @throws ConfigException at the first rule that is broken
     */
    public static ServiceConfig load(Path directory, Map<String, String> environment, Map<String, String> settings) {
        if (!Files.isDirectory(directory)) {
            throw new ConfigException("the configuration directory is missing: " + directory);
        }
        refuseOthers(directory, path -> KNOWN.contains(String.valueOf(path.getFileName())), "known are " + KNOWN);
        ServiceSettings service = SettingsReader.read(directory.resolve("scorer.yaml"), environment, settings);
        service.http().tls().checkPair();
        Map<String, Space> spaces = spaces(directory.resolve("spaces"));
        SignalSettings signals = signals(directory.resolve("signals.yaml"), spaces, environment);
        Map<String, ScoringPlan> plans = surfaces(directory.resolve("surfaces"), spaces, signals);
        List<Experiment> experiments = experiments(directory.resolve("experiments"), plans);
        return new ServiceConfig(
                service, List.copyOf(spaces.values()), List.copyOf(plans.values()), experiments, signals);
    }

    private static Map<String, Space> spaces(Path directory) {
        Map<String, Space> spaces = new TreeMap<>();
        for (Path path : yamlFiles(directory)) {
            YamlFile yaml = ServiceYaml.read(path);
            List<Space> declared = SpaceFile.read(yaml);
            for (int i = 0; i < declared.size(); i++) {
                if (spaces.putIfAbsent(declared.get(i).name(), declared.get(i)) != null) {
                    throw yaml.error(
                            "spaces[" + i + "].name",
                            "space '%s' is declared twice"
                                    .formatted(declared.get(i).name()));
                }
            }
        }
        if (spaces.isEmpty()) {
            throw new ConfigException(directory + ": no space is declared");
        }
        return spaces;
    }

    private static SignalSettings signals(Path file, Map<String, Space> spaces, Map<String, String> environment) {
        Optional<String> token = Optional.ofNullable(environment.get(SignalSettings.TOKEN_VARIABLE));
        return Files.isRegularFile(file)
                ? SignalsFile.read(ServiceYaml.read(file), spaces, token)
                : SignalSettings.NONE;
    }

    private static Map<String, ScoringPlan> surfaces(
            Path directory, Map<String, Space> spaces, SignalSettings signals) {
        Map<String, ScoringPlan> plans = new TreeMap<>();
        for (Path path : yamlFiles(directory)) {
            YamlFile yaml = ServiceYaml.read(path);
            ScoringPlan plan = SurfaceFile.read(yaml, spaces, signals.types());
            if (plans.putIfAbsent(plan.surface(), plan) != null) {
                throw yaml.error("surface", "surface '%s' is declared twice".formatted(plan.surface()));
            }
        }
        return plans;
    }

    private static List<Experiment> experiments(Path directory, Map<String, ScoringPlan> plans) {
        List<Experiment> experiments = new ArrayList<>();
        for (Path path : yamlFiles(directory)) {
            YamlFile yaml = ServiceYaml.read(path);
            experiments.add(ExperimentFile.read(yaml, plans));
            try {
                // The assigner knows which experiments get into each other's way.
                new Assigner(experiments);
            } catch (IllegalArgumentException e) {
                throw yaml.error("experiment", e.getMessage() == null ? e.toString() : e.getMessage());
            }
        }
        return experiments;
    }

    private static List<Path> yamlFiles(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        return refuseOthers(
                directory,
                path -> path.toString().endsWith(".yaml") && Files.isRegularFile(path),
                "files here end in .yaml");
    }

    /** What a directory holds; hidden files are others' and are not read. Refuses what nobody would read. */
    private static List<Path> refuseOthers(Path directory, Predicate<Path> known, String rule) {
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> seen = files.filter(
                            file -> !String.valueOf(file.getFileName()).startsWith("."))
                    .sorted()
                    .toList();
            for (Path file : seen) {
                if (!known.test(file)) {
                    throw new ConfigException("%s is not read by the service; %s".formatted(file, rule));
                }
            }
            return seen;
        } catch (IOException e) {
            throw new ConfigException("%s: the directory cannot be read: %s".formatted(directory, e), e);
        }
    }
}
