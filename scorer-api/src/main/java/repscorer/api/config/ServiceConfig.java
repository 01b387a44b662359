package repscorer.api.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import repscorer.core.embedding.EngagementRule;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.experiment.Assigner;
import repscorer.core.experiment.Bucketing;
import repscorer.core.experiment.Experiment;
import repscorer.core.experiment.HoldOuts;
import repscorer.core.experiment.Switches;
import repscorer.core.model.RankModel;
import repscorer.core.plan.DeclaredSpaces;
import repscorer.core.plan.PlanChecks;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.shadow.Shadow;
import repscorer.yaml.ConfigException;
import repscorer.yaml.YamlFile;

/**
 * Everything a service is told by its configuration directory: {@code scorer.yaml}, {@code spaces/*.yaml},
 * {@code surfaces/*.yaml}, {@code models/*.json}, {@code layers.yaml}, {@code experiments/*.yaml}, {@code shadows/*.yaml}, {@code switches.yaml},
 * {@code tenants.yaml} and {@code signals.yaml}, and what was said over the API. All names were checked against each other.
 *
 * @param stopped the names of stopped variants, by experiment
 * @param tenants by name
 */
public record ServiceConfig(
        ServiceSettings settings,
        List<Space> spaces,
        List<ScoringPlan> plans,
        List<Experiment> experiments,
        HoldOuts holdOuts,
        List<Shadow> shadows,
        SignalSettings signals,
        Switches switches,
        Map<String, Set<String>> stopped,
        Map<String, Tenant> tenants) {

    public ServiceConfig {
        spaces = List.copyOf(spaces);
        plans = List.copyOf(plans);
        experiments = List.copyOf(experiments);
        shadows = List.copyOf(shadows);
        stopped = Map.copyOf(stopped);
        tenants = Map.copyOf(tenants);
    }

    /**
     * Reads a configuration directory.
     *
     * @param environment variables such as {@code REPSCORER_PORT}, which win over {@code scorer.yaml}
     * @param settings dotted keys of {@code scorer.yaml} and values, which win over both
     * @throws ConfigException at the first rule that is broken
     */
    public static ServiceConfig load(Path directory, Map<String, String> environment, Map<String, String> settings) {
        return of(ConfigFiles.read(directory), environment, settings);
    }

    /** Makes the same of files that were read. Throws as {@link #load}. */
    public static ServiceConfig of(ConfigFiles files, Map<String, String> environment, Map<String, String> settings) {
        ServiceSettings service = SettingsReader.read(files.file(ConfigFiles.SERVICE), environment, settings);
        service.http().tls().checkPair();
        service.jwt().checkWhole();
        Map<String, Space> spaces = spaces(files);
        service.decisions().kafka().checkPair();
        service.streams().check(spaces.keySet());
        return answers(files, service, spaces, Optional.ofNullable(environment.get(SignalSettings.TOKEN_VARIABLE)));
    }

    /**
     * The same service, answering by other files: their signals, surfaces, layers and experiments, checked as at a start. Settings and
     * spaces stay. Throws as {@link #load}.
     */
    public ServiceConfig answering(ConfigFiles files) {
        Map<String, Space> declared = new TreeMap<>();
        spaces.forEach(space -> declared.put(space.name(), space));
        return answers(files, settings, declared, signals.upstreamToken());
    }

    private static ServiceConfig answers(
            ConfigFiles files, ServiceSettings service, Map<String, Space> spaces, Optional<String> token) {
        SignalSettings signals = files.has(ConfigFiles.SIGNALS)
                ? SignalsFile.read(files.file(ConfigFiles.SIGNALS), spaces, token)
                : SignalSettings.NONE;
        Map<String, ScoringPlan> plans = surfaces(files, spaces, signals);
        PlanChecks checks = new PlanChecks(new DeclaredSpaces(spaces.values()), signals.engagement());
        LayersFile layers = LayersFile.read(files.file(ConfigFiles.LAYERS));
        return new ServiceConfig(
                service,
                List.copyOf(spaces.values()),
                List.copyOf(plans.values()),
                experiments(files, plans, layers, checks, service),
                layers.holdOuts(),
                shadows(files, plans, checks),
                signals,
                switches(files, plans.keySet(), spaces.keySet()),
                files.overlay().stopped(),
                TenantsFile.read(files.file(ConfigFiles.TENANTS), plans.keySet(), spaces.keySet()));
    }

    private static Map<String, Space> spaces(ConfigFiles files) {
        Map<String, Space> spaces = new TreeMap<>();
        for (YamlFile yaml : files.folder(ConfigFiles.SPACES)) {
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
            throw new ConfigException(files.directory().resolve(ConfigFiles.SPACES) + ": no space is declared");
        }
        for (YamlFile yaml : files.folder(ConfigFiles.SPACES)) {
            List<Space> declared = SpaceFile.read(yaml);
            for (int i = 0; i < declared.size(); i++) {
                engaged(yaml, "spaces[" + i + "].engagements.of", declared.get(i), spaces);
            }
        }
        return spaces;
    }

    /** Vectors from engagements are sums of vectors that there are, over the same columns. */
    private static void engaged(YamlFile yaml, String key, Space items, Map<String, Space> spaces) {
        Optional<String> of = items.policy().engagements().map(EngagementRule::of);
        Space users = of.map(spaces::get).orElse(items);
        boolean fits = users instanceof SparseSpace
                && users.model().equals(items.model())
                && users.policy().engagements().isEmpty();
        if (of.isPresent() && !fits) {
            throw yaml.error(
                    key,
                    "must be another sparse space of model %s, not from engagements itself: '%s'"
                            .formatted(items.model(), of.get()));
        }
    }

    private static Map<String, ScoringPlan> surfaces(
            ConfigFiles files, Map<String, Space> spaces, SignalSettings signals) {
        Map<String, ScoringPlan> plans = new TreeMap<>();
        PlanChecks checks = new PlanChecks(new DeclaredSpaces(spaces.values()), signals.engagement());
        Map<String, RankModel> models = files.models();
        for (YamlFile yaml : files.folder(ConfigFiles.SURFACES)) {
            ScoringPlan plan = SurfaceFile.read(yaml, spaces, signals.types(), models);
            try {
                checks.check(plan);
            } catch (IllegalArgumentException e) {
                throw yaml.error("surface", e.getMessage() == null ? e.toString() : e.getMessage());
            }
            if (plans.putIfAbsent(plan.surface(), plan) != null) {
                throw yaml.error("surface", "surface '%s' is declared twice".formatted(plan.surface()));
            }
        }
        return plans;
    }

    private static List<Shadow> shadows(ConfigFiles files, Map<String, ScoringPlan> plans, PlanChecks checks) {
        Map<String, Shadow> shadows = new TreeMap<>();
        for (YamlFile yaml : files.folder(ConfigFiles.SHADOWS)) {
            Shadow shadow = ShadowFile.read(yaml, plans, checks);
            if (shadows.putIfAbsent(shadow.name(), shadow) != null) {
                throw yaml.error("shadow", "shadow '%s' is declared twice".formatted(shadow.name()));
            }
        }
        return List.copyOf(shadows.values());
    }

    private static Switches switches(ConfigFiles files, Set<String> surfaces, Set<String> spaces) {
        Map<Switches.Part, Integer> shares = new TreeMap<>(Comparator.comparing(Switches.Part::toString));
        shares.putAll(SwitchesFile.read(files.file(ConfigFiles.SWITCHES), surfaces, spaces)
                .shares());
        shares.putAll(files.overlay().switches().shares());
        return new Switches(shares);
    }

    private static List<Experiment> experiments(
            ConfigFiles files,
            Map<String, ScoringPlan> plans,
            LayersFile layers,
            PlanChecks checks,
            ServiceSettings service) {
        Set<String> ofApi = files.overlay().experiments().keySet();
        List<Experiment> experiments = new ArrayList<>();
        for (YamlFile yaml : files.folder(ConfigFiles.EXPERIMENTS)) {
            Experiment experiment = ExperimentFile.read(yaml, plans, layers.declared());
            if (!ofApi.contains(experiment.name())) { // else what the API says of it wins
                add(experiment, yaml, experiments, plans, checks, service);
            }
        }
        for (String name : ofApi) {
            YamlFile yaml = files.ofApi(name);
            Experiment experiment = ExperimentFile.read(yaml, plans, layers.declared());
            if (!experiment.name().equals(name)) {
                throw yaml.error(
                        "experiment", "must be '%s', as it is addressed: '%s'".formatted(name, experiment.name()));
            }
            add(experiment, yaml, experiments, plans, checks, service);
        }
        return experiments;
    }

    private static void add(
            Experiment experiment,
            YamlFile yaml,
            List<Experiment> experiments,
            Map<String, ScoringPlan> plans,
            PlanChecks checks,
            ServiceSettings service) {
        if (experiment.bucketing() == Bucketing.OPENFEATURE
                && service.openfeature().provider().isEmpty()) {
            throw yaml.error("bucketing", "openfeature needs openfeature.provider in scorer.yaml");
        }
        experiments.add(experiment);
        try {
            checks.check(experiment, plans);
            // The assigner knows which experiments get into each other's way.
            new Assigner(experiments);
        } catch (IllegalArgumentException e) {
            throw yaml.error("experiment", e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }
}
