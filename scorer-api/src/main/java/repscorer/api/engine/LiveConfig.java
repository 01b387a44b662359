package repscorer.api.engine;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import repscorer.api.config.ConfigFiles;
import repscorer.api.config.Overlay;
import repscorer.api.config.ServiceConfig;
import repscorer.api.config.SignalSettings;
import repscorer.core.Scorer;
import repscorer.core.experiment.Assigner;
import repscorer.core.experiment.Experiment;
import repscorer.core.experiment.FlagSource;
import repscorer.core.failure.ScorerException;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.shadow.Shadows;
import repscorer.core.signal.SignalStore;
import repscorer.core.signal.SignalTypes;
import repscorer.yaml.ConfigException;

/**
 * The configuration in force, and how another one comes to be: read and checked whole, then exchanged in one step, so that a request
 * that takes {@link #serving} once sees one configuration from beginning to end. Safe for concurrent use.
 */
public final class LiveConfig {

    /*
     * Settings and spaces are those of the start: ports, threads and the store hang on them. All else is made anew for each
     * configuration, which costs some milliseconds and holds nothing of its own; whoever has the old one goes on with it.
     */

    private static final Logger LOG = LoggerFactory.getLogger(LiveConfig.class);

    private static final String SWITCHES = "switches.yaml";

    /** Files that are read at a start alone. */
    private static final String AT_START = "scorer\\.yaml|spaces/.*";

    private final ConfigFiles atStart;
    private final SignalSettings signalsAtStart;
    private final BiFunction<ServiceConfig, Assigner, Scorer> scorers;
    private final BiFunction<ServiceConfig, Scorer, Shadows> shadows;
    private final SignalStore signals;
    private final InstantSource time;
    private final FlagSource flags;
    private volatile Serving serving;
    private volatile Standing standing;

    /* Guarded by this: what the directory held when it was looked at, and when it was tried. */
    private String looked;
    private String tried;
    private String switchesLooked;
    private String switchesTried = "";
    private ConfigFiles inForce;

    /**
     * How the files on the disk stand to what is in force.
     *
     * @param refused whether they were refused as they are
     * @param refusal the last one there was, whether it still stands or not
     * @param needsRestart what was changed and has no effect before a restart
     * @param reloads how often another configuration came into force
     * @param refusals how often one did not
     */
    public record Standing(
            boolean refused, Optional<Refusal> refusal, List<String> needsRestart, long reloads, long refusals) {

        public Standing {
            needsRestart = List.copyOf(needsRestart);
        }
    }

    /** Why a configuration did not come into force: the file, the line, the rule and the value. */
    public record Refusal(Instant at, String reason) {}

    LiveConfig(
            ServiceConfig config,
            ConfigFiles files,
            BiFunction<ServiceConfig, Assigner, Scorer> scorers,
            BiFunction<ServiceConfig, Scorer, Shadows> shadows,
            SignalStore signals,
            FlagSource flags,
            InstantSource time) {
        this.atStart = files;
        this.flags = flags;
        this.signalsAtStart = config.signals();
        this.scorers = scorers;
        this.shadows = shadows;
        this.signals = signals;
        this.time = time;
        this.inForce = files;
        this.serving = serving(config, files, files.digests());
        this.standing = new Standing(false, Optional.empty(), List.of(), 0, 0);
        this.looked = files.digests().toString();
        this.tried = looked;
        this.switchesLooked = switches(files);
    }

    private Serving serving(ServiceConfig config, ConfigFiles files, SortedMap<String, String> digests) {
        List<Experiment> experiments = new ArrayList<>(config.experiments());
        files.overlay()
                .canary()
                .ifPresent(canary -> experiments.addAll(canary.experiments(
                        config.plans().stream().map(ScoringPlan::surface).toList(),
                        config.settings().canary().guardRails())));
        Assigner assigner = new Assigner(experiments, config.holdOuts(), config.stopped(), flags);
        Scorer scorer = scorers.apply(config, assigner);
        Map<String, Experiment> watched = experiments.stream()
                .filter(each -> each.enabled() && !each.guardRails().isEmpty())
                .collect(Collectors.toMap(Experiment::name, Function.identity()));
        return new Serving(
                config,
                digests,
                files.documents(),
                time.instant(),
                scorer,
                assigner,
                shadows.apply(config, scorer),
                watched);
    }

    private static String switches(ConfigFiles files) {
        return files.digests().getOrDefault(SWITCHES, "");
    }

    /** What is in force now; to be taken once by each request. */
    public Serving serving() {
        return serving;
    }

    /** The scorer that is in force now; to be taken once by each request. */
    public Scorer scorer() {
        return serving.scorer();
    }

    public Standing standing() {
        return standing;
    }

    /** What lies over the files in force. */
    public synchronized Overlay overlay() {
        return inForce.overlay();
    }

    /**
     * Puts another overlay over the files in force, whatever they hold by now.
     *
     * @param keep called where it broke no rule, and before it is in force; where it throws, nothing is changed
     * @throws ScorerException.Rejected where it breaks a rule; nothing is changed then
     */
    public synchronized void overlay(Overlay next, Runnable keep) {
        try {
            exchange(inForce.with(next), keep);
        } catch (ConfigException | IllegalArgumentException | ScorerException.Invalid e) {
            throw new ScorerException.Rejected("config-refused", told(e), e);
        }
    }

    /**
     * Puts into force what the files hold now.
     *
     * @throws ScorerException.Rejected where they break a rule; nothing is changed then
     */
    public synchronized void reload() {
        try {
            ConfigFiles files = read();
            tried = files.digests().toString();
            reload(files);
        } catch (ConfigException | IllegalArgumentException | ScorerException e) {
            throw new ScorerException.Rejected("config-refused", refuse(e), e);
        }
    }

    /** Does the same for files that changed and then stood still from one look to the next: who writes is let finish. */
    public synchronized void look() {
        ConfigFiles files;
        try {
            files = read();
        } catch (ConfigException e) {
            if (isToTry(String.valueOf(e.getMessage()))) {
                refuse(e);
            }
            return;
        }
        if (isToTry(files.digests().toString())) {
            try {
                reload(files);
            } catch (ConfigException | IllegalArgumentException | ScorerException e) {
                refuse(e);
            }
        }
    }

    /**
     * The same for {@code switches.yaml} alone, which is looked at more often: it is one small file, and who switches something off
     * does not wait.
     */
    public synchronized void lookAtSwitches() {
        try {
            ConfigFiles now = ConfigFiles.switches(atStart.directory());
            String seen = switches(now);
            boolean still = seen.equals(switchesLooked);
            switchesLooked = seen;
            if (still && !seen.equals(switches(inForce)) && !seen.equals(switchesTried)) {
                switchesTried = seen;
                exchange(inForce.withSwitchesOf(now), () -> {});
            }
        } catch (ConfigException | IllegalArgumentException | ScorerException e) {
            refuse(e);
        }
    }

    private ConfigFiles read() {
        return ConfigFiles.read(atStart.directory()).with(inForce.overlay());
    }

    private boolean isToTry(String seen) {
        boolean still = seen.equals(looked);
        looked = seen;
        if (!still || seen.equals(tried)) {
            return false;
        }
        tried = seen;
        return true;
    }

    private void reload(ConfigFiles files) {
        int exchanged = exchange(files, () -> {}) ? 1 : 0;
        took(files, serving.config().signals(), exchanged);
    }

    /** Answers whether there was something to exchange. */
    private boolean exchange(ConfigFiles files, Runnable keep) {
        SortedMap<String, String> next = files.digests();
        next.keySet().removeIf(name -> name.matches(AT_START));
        atStart.digests().forEach((name, digest) -> {
            if (name.matches(AT_START)) {
                next.put(name, digest);
            }
        });
        if (next.equals(serving.files())) {
            keep.run();
            return false;
        }
        Serving other = serving(serving.config().answering(files), files, next);
        List<String> changed = changed(serving.files(), next);
        keep.run();
        // First, so that no request reads by types that the store does not take yet; it brings its own to read by.
        signals.declare(new SignalTypes(other.config().signals().types()));
        serving = other;
        inForce = files;
        LOG.info("another configuration is in force; changed are {}", changed);
        return true;
    }

    private void took(ConfigFiles files, SignalSettings now, int reloads) {
        Standing before = standing;
        List<String> needs = needsRestart(files, now);
        standing = new Standing(false, before.refusal, needs, before.reloads + reloads, before.refusals);
        if (!needs.isEmpty() && !needs.equals(before.needsRestart)) {
            LOG.warn("changed without effect before a restart: {}", needs);
        }
    }

    private String refuse(RuntimeException e) {
        String reason = told(e);
        Standing before = standing;
        standing = new Standing(
                true,
                Optional.of(new Refusal(time.instant(), reason)),
                before.needsRestart,
                before.reloads,
                before.refusals + 1);
        LOG.warn("the configuration on the disk is refused, the one before stays in force: {}", e.getMessage());
        return reason;
    }

    private String told(RuntimeException e) {
        String directory = atStart.directory().toString();
        return String.valueOf(e.getMessage())
                .replace(directory + "/", "")
                .replace(directory, "the configuration directory");
    }

    private List<String> needsRestart(ConfigFiles files, SignalSettings now) {
        SortedMap<String, String> then = atStart.digests();
        SortedMap<String, String> there = files.digests();
        then.keySet().removeIf(name -> !name.matches(AT_START));
        there.keySet().removeIf(name -> !name.matches(AT_START));
        List<String> needs = new ArrayList<>(changed(then, there));
        if (now.usersMax() != signalsAtStart.usersMax()) {
            needs.add("signals.yaml users-max");
        }
        if (!now.upstream().equals(signalsAtStart.upstream())
                || !now.upstreamKept().equals(signalsAtStart.upstreamKept())) {
            needs.add("signals.yaml upstream");
        }
        return needs;
    }

    /** The names of what differs, or is on one side alone. */
    private static List<String> changed(SortedMap<String, String> before, SortedMap<String, String> after) {
        TreeSet<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        SortedMap<String, String> old = new TreeMap<>(before);
        names.removeIf(name -> old.getOrDefault(name, "").equals(after.getOrDefault(name, "")));
        return List.copyOf(names);
    }
}
