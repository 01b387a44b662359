package repscorer.openfeature;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.openfeature.sdk.ErrorCode;
import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.FeatureProvider;
import dev.openfeature.sdk.ImmutableStructure;
import dev.openfeature.sdk.Metadata;
import dev.openfeature.sdk.ProviderEvaluation;
import dev.openfeature.sdk.Reason;
import dev.openfeature.sdk.Value;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import repscorer.client.ExperimentsClient;
import repscorer.client.ScorerClient;
import repscorer.client.ScorerClientException;
import repscorer.wire.AssignmentsResponse;
import repscorer.wire.AssignmentsResponse.AssignedBody;
import repscorer.wire.ExperimentBody;

/**
 * Answers flags by the service's experiments: a flag is an experiment, the targeting key the unit, and what experiments look at of a request's context is taken from
 * the evaluation's attributes. A flag of text is the name of the
 * unit's variant, one of an object its overrides. Safe for concurrent use.
 *
 * <pre>{@code
 * OpenFeatureAPI.getInstance().setProvider(new ScorerProvider(scorer, Duration.ofSeconds(5)));
 * }</pre>
 *
 * <p>A unit that is in no variant, or in a stopped one, has the default. Errors are OpenFeature's: {@code FLAG_NOT_FOUND} for an
 * unknown experiment, {@code TARGETING_KEY_MISSING}, {@code TYPE_MISMATCH} for numbers and switches, {@code INVALID_CONTEXT} for a
 * key that is no unit, {@code PARSE_ERROR} for an answer that is none, {@code GENERAL} where the service cannot be asked.
 */
public final class ScorerProvider implements FeatureProvider {

    private static final int UNITS_MAX = 10_000;

    private final LoadingCache<Asked, AssignmentsResponse> assignments;
    private final LoadingCache<Boolean, Known> experiments;

    /** @param context what is told of the unit, of what some experiment looks at */
    private record Asked(String unit, Map<String, String> context) {}

    /**
     * What there is.
     *
     * @param contexts the names of a context that some experiment looks at
     */
    private record Known(Set<String> experiments, Set<String> contexts) {

        static Known of(List<ExperimentBody> bodies) {
            return new Known(
                    bodies.stream().map(ExperimentBody::experiment).collect(Collectors.toUnmodifiableSet()),
                    bodies.stream()
                            .map(ExperimentBody::context)
                            .filter(Objects::nonNull)
                            .flatMap(context -> context.keySet().stream())
                            .collect(Collectors.toUnmodifiableSet()));
        }
    }

    /**
     * @param scorer that is asked; it stays its caller's
     * @param kept how long an answer of the service is believed, of at most {@value #UNITS_MAX} units
     */
    public ScorerProvider(ScorerClient scorer, Duration kept) {
        ExperimentsClient byContext = new ExperimentsClient(scorer);
        assignments = Caffeine.newBuilder()
                .maximumSize(UNITS_MAX)
                .expireAfterWrite(kept)
                .build(asked -> byContext.assignments(asked.unit, asked.context));
        experiments = Caffeine.newBuilder().expireAfterWrite(kept).build(all -> Known.of(scorer.experiments()));
    }

    @Override
    public Metadata getMetadata() {
        return () -> "repscorer";
    }

    @Override
    public ProviderEvaluation<String> getStringEvaluation(String key, String otherwise, EvaluationContext context) {
        return evaluated(key, otherwise, context, AssignedBody::variant);
    }

    @Override
    public ProviderEvaluation<Value> getObjectEvaluation(String key, Value otherwise, EvaluationContext context) {
        return evaluated(key, otherwise, context, assigned -> {
            Map<String, Value> overrides = new TreeMap<>();
            assigned.overrides().forEach((setting, value) -> overrides.put(setting, new Value(value)));
            return new Value(new ImmutableStructure(overrides));
        });
    }

    @Override
    public ProviderEvaluation<Boolean> getBooleanEvaluation(String key, Boolean otherwise, EvaluationContext context) {
        return mismatch(key, otherwise);
    }

    @Override
    public ProviderEvaluation<Integer> getIntegerEvaluation(String key, Integer otherwise, EvaluationContext context) {
        return mismatch(key, otherwise);
    }

    @Override
    public ProviderEvaluation<Double> getDoubleEvaluation(String key, Double otherwise, EvaluationContext context) {
        return mismatch(key, otherwise);
    }

    private static <T> ProviderEvaluation<T> mismatch(String key, T otherwise) {
        return failed(
                otherwise, ErrorCode.TYPE_MISMATCH, "an experiment is text or an object: flag '%s'".formatted(key));
    }

    private <T> ProviderEvaluation<T> evaluated(
            String key, T otherwise, @Nullable EvaluationContext context, Function<AssignedBody, T> value) {
        @Nullable String unit = context == null ? null : context.getTargetingKey();
        if (context == null || unit == null || unit.isBlank()) {
            return failed(
                    otherwise, ErrorCode.TARGETING_KEY_MISSING, "experiments deal units: the targeting key is one");
        }
        try {
            Known known = experiments.get(true);
            if (!known.experiments.contains(key)) {
                return failed(otherwise, ErrorCode.FLAG_NOT_FOUND, "no experiment is called '%s'".formatted(key));
            }
            Optional<AssignedBody> assigned = assignments.get(asked(unit, context, known)).assignments().stream()
                    .filter(each -> each.experiment().equals(key))
                    .findFirst();
            if (assigned.isEmpty()) {
                return answered(otherwise, null, Reason.DEFAULT);
            }
            return Boolean.TRUE.equals(assigned.get().stopped())
                    ? answered(otherwise, null, Reason.DISABLED)
                    : answered(value.apply(assigned.get()), assigned.get().variant(), Reason.SPLIT);
        } catch (ScorerClientException.Refused e) {
            boolean ofUnit = Integer.valueOf(400).equals(e.problem().status());
            return failed(otherwise, ofUnit ? ErrorCode.INVALID_CONTEXT : ErrorCode.GENERAL, e.getMessage());
        } catch (ScorerClientException.Broken e) {
            return failed(otherwise, ErrorCode.PARSE_ERROR, e.getMessage());
        } catch (ScorerClientException e) {
            return failed(otherwise, ErrorCode.GENERAL, e.getMessage());
        }
    }

    /** Texts, numbers and switches of the evaluation's attributes; others say nothing here. */
    private static Asked asked(String unit, EvaluationContext context, Known known) {
        Map<String, String> told = new TreeMap<>();
        for (String name : known.contexts) {
            @Nullable Value value = context.getValue(name);
            if (value != null && (value.isString() || value.isNumber() || value.isBoolean())) {
                told.put(name, String.valueOf(value.asObject()));
            }
        }
        return new Asked(unit, told);
    }

    private static <T> ProviderEvaluation<T> answered(T value, @Nullable String variant, Reason reason) {
        return ProviderEvaluation.<T>builder()
                .value(value)
                .variant(variant)
                .reason(reason.name())
                .build();
    }

    private static <T> ProviderEvaluation<T> failed(T otherwise, ErrorCode code, @Nullable String words) {
        return ProviderEvaluation.<T>builder()
                .value(otherwise)
                .reason(Reason.ERROR.name())
                .errorCode(code)
                .errorMessage(words)
                .build();
    }
}
