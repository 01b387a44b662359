package repscorer.api.config;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import repscorer.core.embedding.Space;
import repscorer.core.entity.EntityKind;
import repscorer.core.plan.Comparison;
import repscorer.core.plan.EngagementPlan;
import repscorer.core.plan.EngagementPlan.Aggregate;
import repscorer.core.plan.EngagementPlan.SignalFeatures;
import repscorer.core.signal.SignalType;
import repscorer.core.similarity.Similarity;
import repscorer.upstream.UpstreamSignals;
import repscorer.yaml.YamlFile;

/** {@code signals.yaml}: the types of signals there are, how many are kept, and the features they make. */
record SignalsFile(
        @Nullable Integer usersMax,
        @Nullable Boolean likeReference,
        @Nullable List<Type> types,
        @Nullable List<Features> features,
        @Nullable Upstream upstream) {

    static final int USERS_MAX_DEFAULT = 1_000_000;
    static final int KEEP_MAX_DEFAULT = 1_000;
    static final int LAST_MAX_DEFAULT = 10;

    record Type(
            @Nullable String name,
            @Nullable String kind,
            @Nullable Integer keepMax,
            @Nullable Duration ageMax) {}

    record Features(
            @Nullable List<String> signals,
            @Nullable String similarity,
            @Nullable String sourceSpace,
            @Nullable String candidateSpace,
            @Nullable List<Duration> windows,
            @Nullable List<String> aggregates,
            @Nullable Integer lastMax,
            @Nullable Duration halfLife,
            @Nullable Boolean emptyInReference) {}

    record Upstream(
            @Nullable Boolean enabled,
            @Nullable String base,
            @Nullable Duration keptFor) {}

    static SignalSettings read(YamlFile yaml, Map<String, Space> spaces) {
        return new Reader(yaml, new Keys(yaml), spaces).settings(yaml.as(SignalsFile.class));
    }

    private record Reader(YamlFile yaml, Keys keys, Map<String, Space> spaces) {

        SignalSettings settings(SignalsFile file) {
            List<SignalType> types = new ArrayList<>();
            List<Type> declared = file.types == null ? List.of() : file.types;
            for (int i = 0; i < declared.size(); i++) {
                String at = "types[" + i + "]";
                Type type = keys.required(at, declared.get(i));
                String name = keys.name(at + ".name", type.name);
                EntityKind kind = keys.kind(at + ".kind", keys.required(at + ".kind", type.kind));
                types.add(keys.checked(
                        at,
                        () -> new SignalType(
                                name,
                                kind,
                                or(type.keepMax, KEEP_MAX_DEFAULT),
                                keys.required(at + ".age-max", type.ageMax))));
            }
            List<SignalFeatures> features = new ArrayList<>();
            List<Features> wanted = file.features == null ? List.of() : file.features;
            for (int i = 0; i < wanted.size(); i++) {
                String at = "features[" + i + "]";
                features.addAll(features(at, keys.required(at, wanted.get(i)), types));
            }
            EngagementPlan plan = keys.checked(
                    "features", () -> new EngagementPlan(features, Boolean.TRUE.equals(file.likeReference)));
            Upstream upstream = file.upstream == null ? new Upstream(null, null, null) : file.upstream;
            return keys.checked(
                    "",
                    () -> new SignalSettings(
                            types,
                            or(file.usersMax, USERS_MAX_DEFAULT),
                            plan,
                            Boolean.TRUE.equals(upstream.enabled)
                                    ? Optional.of(URI.create(keys.required("upstream.base", upstream.base)))
                                    : Optional.empty(),
                            or(upstream.keptFor, UpstreamSignals.KEPT_DEFAULT)));
        }

        private List<SignalFeatures> features(String at, Features file, List<SignalType> types) {
            Comparison comparison = Comparison.of(
                    keys.oneOf(at + ".similarity", file.similarity, Similarity.COSINE),
                    space(at + ".source-space", file.sourceSpace).name(),
                    space(at + ".candidate-space", file.candidateSpace).name());
            List<Aggregate> aggregates = new ArrayList<>();
            List<String> names = file.aggregates == null ? List.of("max", "mean") : file.aggregates;
            for (int i = 0; i < names.size(); i++) {
                aggregates.add(keys.oneOf(at + ".aggregates[" + i + "]", names.get(i), Aggregate.MAX));
            }
            List<SignalFeatures> features = new ArrayList<>();
            List<String> signals = keys.required(at + ".signals", file.signals);
            for (int i = 0; i < signals.size(); i++) {
                String place = at + ".signals[" + i + "]";
                SignalType type = type(place, signals.get(i), types);
                Space source = space(at + ".source-space", file.sourceSpace);
                if (!source.kind().equals(type.kind())) {
                    throw yaml.error(
                            place,
                            "is about kind %s; space '%s' holds kind %s"
                                    .formatted(type.kind(), source.name(), source.kind()));
                }
                features.add(keys.checked(
                        at,
                        () -> new SignalFeatures(
                                type.name(),
                                comparison,
                                keys.required(at + ".windows", file.windows),
                                aggregates,
                                or(file.lastMax, LAST_MAX_DEFAULT),
                                or(file.halfLife, Duration.ofDays(1)),
                                Boolean.TRUE.equals(file.emptyInReference))));
            }
            return features;
        }

        private SignalType type(String key, String name, List<SignalType> types) {
            return types.stream()
                    .filter(type -> type.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> yaml.error(
                            key,
                            "no signal is called '%s'; declared are %s"
                                    .formatted(
                                            name,
                                            types.stream().map(SignalType::name).toList())));
        }

        private Space space(String key, @Nullable String name) {
            return Optional.ofNullable(spaces.get(keys.required(key, name)))
                    .orElseThrow(() -> yaml.error(
                            key,
                            "space '%s' is not declared; declared are %s"
                                    .formatted(name, String.join(", ", spaces.keySet()))));
        }

        private static <T> T or(@Nullable T value, T otherwise) {
            return value == null ? otherwise : value;
        }
    }
}
