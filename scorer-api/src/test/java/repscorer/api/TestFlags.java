package repscorer.api;

import dev.openfeature.sdk.ErrorCode;
import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.FeatureProvider;
import dev.openfeature.sdk.Metadata;
import dev.openfeature.sdk.ProviderEvaluation;
import dev.openfeature.sdk.Value;
import java.util.concurrent.atomic.AtomicInteger;

/** A flag system that says by the unit what it answers: a variant, nobody, an error, nothing for long. */
public final class TestFlags implements FeatureProvider {

    static final AtomicInteger ASKED = new AtomicInteger();

    public TestFlags() {}

    @Override
    public Metadata getMetadata() {
        return () -> "of the tests";
    }

    @Override
    public ProviderEvaluation<String> getStringEvaluation(String key, String otherwise, EvaluationContext context) {
        ASKED.incrementAndGet();
        ProviderEvaluation.ProviderEvaluationBuilder<String, ?, ?> answer =
                ProviderEvaluation.<String>builder().value(otherwise);
        String unit = context.getTargetingKey();
        return switch (unit.substring(0, unit.indexOf(':'))) {
            case "in" ->
                answer.value("on").variant("heavier").reason("TARGETING_MATCH").build();
            case "told" ->
                answer.value(context.getValue("arm").asString())
                        .reason("TARGETING_MATCH")
                        .build();
            case "text" -> answer.value("control").reason("STATIC").build();
            case "strange" -> answer.value("x").variant("unheard-of").build();
            case "error" ->
                answer.errorCode(ErrorCode.FLAG_NOT_FOUND)
                        .errorMessage("no " + key)
                        .build();
            case "throws" -> throw new IllegalStateException("broken");
            case "slow" -> {
                try {
                    Thread.sleep(30_000);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                yield answer.build();
            }
            default -> answer.reason("DEFAULT").build();
        };
    }

    @Override
    public ProviderEvaluation<Boolean> getBooleanEvaluation(String key, Boolean otherwise, EvaluationContext context) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ProviderEvaluation<Integer> getIntegerEvaluation(String key, Integer otherwise, EvaluationContext context) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ProviderEvaluation<Double> getDoubleEvaluation(String key, Double otherwise, EvaluationContext context) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ProviderEvaluation<Value> getObjectEvaluation(String key, Value otherwise, EvaluationContext context) {
        throw new UnsupportedOperationException();
    }
}
