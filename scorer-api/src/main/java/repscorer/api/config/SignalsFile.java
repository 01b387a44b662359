package repscorer.api.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import repscorer.core.embedding.Space;
import repscorer.core.entity.EntityKind;
import repscorer.core.plan.Comparison;
import repscorer.core.plan.EngagementPlan;
import repscorer.core.plan.EngagementPlan.Aggregate;
import repscorer.core.plan.EngagementPlan.SignalFeatures;
import repscorer.core.signal.SignalType;
import repscorer.core.signal.SignalTypes;
import repscorer.core.similarity.Similarity;
import repscorer.upstream.UpstreamSignals;
import repscorer.yaml.YamlFile;

/** Reads {@code signals.yaml}: the types of signals there are, how many are kept, and the features they make. */
final class SignalsFile {

    static final int USERS_MAX_DEFAULT = 1_000_000;
    private static final int KEEP_MAX_DEFAULT = 1_000;
    private static final int LAST_MAX_DEFAULT = 10;

    private static final String FEATURE_KEYS =
            "signals similarity source-space candidate-space windows aggregates last-max half-life empty-in-reference";

    private record Upstream(Optional<URI> base, Duration keptFor) {}

    private final Map<String, Space> spaces;
    private final Optional<String> token;

    private SignalsFile(Map<String, Space> spaces, Optional<String> token) {
        this.spaces = spaces;
        this.token = token;
    }

    static SignalSettings read(YamlFile yaml, Map<String, Space> spaces, Optional<String> token) {
        return ConfigNode.read(
                yaml, new SignalsFile(spaces, token)::settings, "users-max like-reference types features upstream");
    }

    private SignalSettings settings(ConfigNode file) {
        List<SignalType> types = file.each("types", SignalsFile::type, "name kind keep-max age-max repeats-max");
        file.checked("types", () -> new SignalTypes(types));
        List<SignalFeatures> features = file.each("features", at -> features(at, types), FEATURE_KEYS).stream()
                .flatMap(List::stream)
                .toList();
        boolean likeReference = file.get("like-reference", false);
        EngagementPlan plan = file.checked("features", () -> new EngagementPlan(features, likeReference));
        Upstream upstream = file.child("upstream").read(SignalsFile::upstream, "enabled base kept-for");
        return new SignalSettings(
                types, file.get("users-max", USERS_MAX_DEFAULT), plan, upstream.base, token, upstream.keptFor);
    }

    private static Upstream upstream(ConfigNode at) {
        Duration keptFor = at.get("kept-for", UpstreamSignals.KEPT_DEFAULT);
        if (at.get("enabled", false)) {
            return new Upstream(Optional.of(URI.create(at.get("base", String.class))), keptFor);
        }
        at.get("base", ""); // text, whether it is used or not
        return new Upstream(Optional.empty(), keptFor);
    }

    private static SignalType type(ConfigNode at) {
        return new SignalType(
                at.name("name"),
                at.get("kind", EntityKind.class),
                at.get("keep-max", KEEP_MAX_DEFAULT),
                at.get("age-max", Duration.class),
                at.get("repeats-max", 1));
    }

    private List<SignalFeatures> features(ConfigNode at, List<SignalType> types) {
        Space source = space(at, "source-space");
        Comparison comparison = Comparison.of(
                at.get("similarity", Similarity.COSINE),
                source.name(),
                space(at, "candidate-space").name());
        List<Aggregate> aggregates =
                at.has("aggregates") ? at.list("aggregates", Aggregate.class) : List.of(Aggregate.MAX, Aggregate.MEAN);
        int lastMax = at.get("last-max", LAST_MAX_DEFAULT);
        Duration halfLife = at.get("half-life", Duration.ofDays(1));
        boolean emptyInReference = at.get("empty-in-reference", false);
        List<Duration> windows = at.require("windows").list("windows", Duration.class);
        List<String> signals = at.require("signals").list("signals", String.class);
        for (int i = 0; i < signals.size(); i++) {
            checkSignal(at, "signals[%s]".formatted(i), signals.get(i), source, types);
        }
        return signals.stream()
                .map(signal -> new SignalFeatures(
                        signal, comparison, windows, aggregates, lastMax, halfLife, emptyInReference))
                .toList();
    }

    private static void checkSignal(ConfigNode at, String key, String name, Space source, List<SignalType> types) {
        List<String> names = types.stream().map(SignalType::name).toList();
        if (!names.contains(name)) {
            throw at.error(key, "no signal is called '%s'; declared are %s".formatted(name, names));
        }
        EntityKind kind = types.get(names.indexOf(name)).kind();
        if (!source.kind().equals(kind)) {
            throw at.error(
                    key, "is about kind %s; space '%s' holds kind %s".formatted(kind, source.name(), source.kind()));
        }
    }

    private Space space(ConfigNode at, String key) {
        return at.declared(key, at.get(key, String.class), spaces);
    }
}
