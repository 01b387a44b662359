package repscorer.core.candidates;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import repscorer.core.answer.EngagementFeatures;
import repscorer.core.answer.MissingReason;
import repscorer.core.entity.EntityId;
import repscorer.core.model.ModelFeature;
import repscorer.core.pair.CandidateNumbers;
import repscorer.core.pair.EngagementScoring;
import repscorer.core.plan.AttributePlan;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.query.Source;
import repscorer.core.request.EntitySet;
import repscorer.core.request.Request;
import repscorer.core.request.RequestTrace;
import repscorer.core.rule.Facts;
import repscorer.core.signal.Signal;
import repscorer.core.store.SpaceVersion;

/**
 * What models read of candidates besides columns: ages, attributes, popularity, and how near they are to what the user did lately. For one
 * request and one thread.
 */
public final class FactNumbers implements CandidateNumbers {

    private static final double HOUR_MILLIS = 3_600_000;

    private final Request request;
    private final Ages ages;
    private final EngagementScoring engagement;
    private final Optional<List<Signal>> signals;
    private @Nullable EntitySet last; // of whom the following are
    private final Map<String, AttributeValues> attributes = new HashMap<>();
    private List<EngagementFeatures.Entry> engaged = List.of();

    private FactNumbers(Request request, EngagementScoring engagement, Optional<List<Signal>> signals) {
        this.request = request;
        this.ages = new Ages(request.plan().attributes(), request.trace());
        this.engagement = engagement;
        this.signals = signals;
    }

    /** Waits for the user's signals where a model of the plan reads what is made of them; a notice tells where they are not known. */
    public static CandidateNumbers of(Source source, Request request, EngagementScoring engagement) {
        ScoringPlan plan = request.plan();
        if (plan.models().isEmpty()) {
            return CandidateNumbers.NONE;
        }
        Optional<String> column = readsEngagement(plan);
        if (column.isEmpty()) {
            return new FactNumbers(request, engagement, Optional.empty());
        }
        if (source instanceof Source.Entities entities && entities.entities().size() == 1) {
            EntityId user = entities.entities().getFirst().id();
            return new FactNumbers(request, engagement, engagement.read(user, request.trace(), request.budget()));
        }
        request.trace()
                .notice(
                        column.get(),
                        MissingReason.KIND_MISMATCH,
                        "features of engagement are missing: the source is not one entity");
        return new FactNumbers(request, engagement, Optional.empty());
    }

    private static Optional<String> readsEngagement(ScoringPlan plan) {
        return plan.models().values().stream()
                .filter(column ->
                        column.model().features().stream().anyMatch(each -> each instanceof ModelFeature.Engagement))
                .map(ColumnPlan.Model::name)
                .findFirst();
    }

    @Override
    public void read(ModelFeature feature, EntitySet candidates, double[] into) {
        if (last != candidates) {
            last = candidates;
            attributes.clear();
            engaged = List.of();
        }
        Arrays.fill(into, Double.NaN);
        switch (feature) {
            case ModelFeature.Age age -> ages(candidates, into);
            case ModelFeature.Attribute attribute -> attribute(attribute, candidates, into);
            case ModelFeature.Popularity popularity -> popularity(popularity.space(), candidates, into);
            case ModelFeature.Engagement known -> engagement(known.name(), candidates, into);
            case ModelFeature.Column column -> throw new IllegalStateException("the table has columns: " + column);
        }
    }

    private void ages(EntitySet candidates, double[] into) {
        for (int i = 0; i < candidates.size(); i++) {
            OptionalLong created = ages.createdMillis(candidates.number(i));
            if (created.isPresent()) {
                into[i] = Math.max(0, request.nowMillis() - created.getAsLong()) / HOUR_MILLIS;
            }
        }
    }

    private void attribute(ModelFeature.Attribute feature, EntitySet candidates, double[] into) {
        AttributePlan.Attribute plan = request.plan().attributes().attributes().get(feature.name());
        if (plan == null) {
            throw new IllegalStateException("checked with the plan: " + feature.text());
        }
        AttributeValues values = attributes.computeIfAbsent(
                feature.name(), name -> new AttributeValues(plan, candidates, request.trace()));
        int asked = request.entities().number(feature.value());
        for (int i = 0; i < candidates.size(); i++) {
            int value = values.value(i);
            if (value != Facts.NO_VALUE) {
                into[i] = value == asked ? 1 : 0;
            }
        }
    }

    private void popularity(String space, EntitySet candidates, double[] into) {
        RequestTrace trace = request.trace();
        Optional<SpaceVersion> version = trace.space(space);
        for (int i = 0; version.isPresent() && i < candidates.size(); i++) {
            into[i] = InverseSpace.rows(version.get(), candidates.id(i));
        }
    }

    private void engagement(String name, EntitySet candidates, double[] into) {
        if (signals.isEmpty()) {
            return;
        }
        if (engaged.isEmpty()) {
            List<EntityId> ids = new ArrayList<>(candidates.size());
            for (int i = 0; i < candidates.size(); i++) {
                ids.add(candidates.id(i));
            }
            engaged = engagement.entries(ids, signals.get(), request.trace(), request.nowMillis());
        }
        for (int i = 0; i < candidates.size(); i++) {
            Double value = engaged.get(i).features().get(name);
            into[i] = value == null ? Double.NaN : value;
        }
    }
}
