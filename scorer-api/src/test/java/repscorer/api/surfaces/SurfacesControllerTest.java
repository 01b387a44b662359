package repscorer.api.surfaces;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import repscorer.core.blend.BlendRecipe;
import repscorer.core.blend.Calibration;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.plan.AttributePlan;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ColumnSetting;
import repscorer.core.plan.ReasonPlan;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.rule.Rule;
import repscorer.core.rule.Rule.Condition;
import repscorer.core.rule.Rule.Mode;
import repscorer.core.rule.RuleBook;
import tools.jackson.databind.json.JsonMapper;

class SurfacesControllerTest {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final EntityKind USER = EntityKind.USER;
    private static final EntityKind TWEET = EntityKind.TWEET;

    private static ScoringPlan plan(BlendRecipe blend) {
        Condition where = new Condition("author", Set.of("user:1"));
        ColumnPlan.Dense dense = (ColumnPlan.Dense) ColumnPlan.dense("d")
                .source(USER, "a")
                .candidate(TWEET, "b")
                .translations(List.of(new ColumnPlan.Translation(USER, TWEET, "relations", "like")))
                .build();
        ColumnPlan sparse =
                ColumnPlan.sparse("s").source(USER, "c").candidate(TWEET, "e").build();
        return ScoringPlan.of("s", TWEET)
                .columns(dense, sparse)
                .disabled(Set.of("s"))
                .anchors(Map.of("d", "topics"))
                .exclude(List.of("history"))
                .blend(blend)
                .calibration(Optional.of(new Calibration(List.of(new Calibration.Point(0, 0.25)))))
                .attributes(new AttributePlan(
                        Map.of("author", new AttributePlan.Attribute(List.of("x"), List.of("y"))),
                        Set.of(TWEET),
                        List.of("ages")))
                .optional(Set.of("s"))
                .reasons(Map.of("s", new ReasonPlan("both know {shared}", Optional.of("names"))))
                .rules(new RuleBook(List.of(
                        new Rule.Remove(
                                "r1",
                                Mode.ON,
                                List.of("h"),
                                List.of("block"),
                                Optional.of("author"),
                                Rule.OnMissing.REFUSE,
                                Optional.of(new Rule.Frequency(3, Duration.ofDays(1)))),
                        new Rule.RemoveWhere("r2", Mode.ON, where, true),
                        new Rule.RemoveByAge("r3", Mode.ON, Duration.ofHours(1), Duration.ofDays(2)),
                        new Rule.Boost("r4", Mode.ON, where, 2, 1),
                        new Rule.Decay("r5", Mode.ON, Duration.ofHours(3), 0.5),
                        new Rule.Worth("r5a", Mode.ON, "worth", Optional.of(0.5)),
                        new Rule.Floor("r5b", Mode.ON, 0.25),
                        new Rule.Cap("r6", Mode.ON, "author", 3),
                        new Rule.Diversify("r7", Mode.ON, 0.5, "d", 50),
                        new Rule.Quota("r8", Mode.ON, where, 2),
                        new Rule.Pin("r9", Mode.ON, EntityId.of(TWEET, 1), 2))))
                .build();
    }

    private static String told(ScoringPlan plan) {
        return MAPPER.writeValueAsString(SurfacesController.body(plan));
    }

    @Test
    @DisplayName("S8: a plan that differs anywhere is told otherwise, so that nothing of it is left out")
    void tellsEverythingAPlanHolds() {
        Set<String> changed = new TreeSet<>();
        for (BlendRecipe blend : List.of(
                new BlendRecipe.Linear(repscorer.core.blend.Normalizer.Z_SCORE),
                new BlendRecipe.ReciprocalRank(60),
                new BlendRecipe.CountWeighted(0.5, 7))) {
            ScoringPlan plan = plan(blend);
            for (Changed other : others(plan, "")) {
                assertThat(told((ScoringPlan) other.value)).as(other.path).isNotEqualTo(told(plan));
                changed.add(other.path);
            }
        }
        assertThat(changed)
                .contains(
                        ".columns[0].effort.recallTarget",
                        ".columns[0].scoreMin",
                        ".columns[0].translations[0].relation",
                        ".columns[1].ranking",
                        ".disabled",
                        ".attributes.attributes.author.inverseOf[0]",
                        ".attributes.snowflakes",
                        ".attributes.createdSpaces[0]",
                        ".rules[0].onMissing",
                        ".rules[10].position",
                        ".rules[0].frequency.times",
                        ".rules[0].frequency.within",
                        ".rules[5].otherwise",
                        ".blend.rankConstant",
                        ".blend.adjustmentsMax",
                        ".blend.normalizer",
                        ".anchors.d",
                        ".optional",
                        ".reasons.s.says",
                        ".reasons.s.names",
                        ".calibration",
                        ".calibration.points[0].probability",
                        ".kDefault")
                .hasSizeGreaterThan(60);
    }

    /** A value that differs from another in one place. */
    private record Changed(String path, Object value) {}

    /** The same value, differing in one place each; only what its own checks let through. */
    private static List<Changed> others(Object value, String path) {
        return switch (value) {
            case Integer whole -> List.of(new Changed(path, whole + 1));
            case Double number -> List.of(new Changed(path, Double.isInfinite(number) ? 0.25 : number + 0.125));
            case Boolean truth -> List.of(new Changed(path, !truth));
            case String text -> List.of(new Changed(path, text + "x"));
            case Duration duration -> List.of(new Changed(path, duration.plusMillis(1)));
            case Enum<?> constant ->
                Arrays.stream(constant.getDeclaringClass().getEnumConstants())
                        .filter(each -> each != constant)
                        .map(each -> new Changed(path, each))
                        .toList();
            case Optional<?> optional -> inOptional(optional, path);
            case RuleBook book ->
                others(book.rules(), path).stream()
                        .map(list -> new Changed(list.path, new RuleBook(rules(list.value))))
                        .toList();
            case List<?> list -> inList(list, path);
            case Set<?> set -> List.of(new Changed(path, larger(set)));
            case Map<?, ?> map -> inMap(map, path);
            case Record whole -> inRecord(whole, path);
            default -> throw new AssertionError("no other value is known of " + value.getClass());
        };
    }

    private static List<Changed> inOptional(Optional<?> optional, String path) {
        assertThat(optional)
                .as(path + " is not there, so that nothing of it is tried")
                .isPresent();
        List<Changed> changed = new ArrayList<>(List.of(new Changed(path, Optional.empty())));
        others(optional.get(), path).forEach(other -> changed.add(new Changed(other.path, Optional.of(other.value))));
        return changed;
    }

    private static List<Rule> rules(Object list) {
        return ((Collection<?>) list).stream().map(Rule.class::cast).toList();
    }

    private static Set<Object> larger(Set<?> set) {
        Set<Object> larger = new HashSet<>(set);
        Object first = set.iterator().next();
        larger.add(first instanceof EntityKind ? new EntityKind("other") : first instanceof String ? "d" : first);
        larger.add(first instanceof String ? "another" : first);
        if (larger.contains("s") && larger.contains("d")) {
            larger.remove("s"); // one column must be enabled
        }
        return larger;
    }

    private static List<Changed> inList(List<?> list, String path) {
        List<Changed> others = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            for (Changed other : others(list.get(i), path + "[" + i + "]")) {
                List<Object> copy = new ArrayList<>(list);
                copy.set(i, other.value);
                others.add(new Changed(other.path, copy));
            }
        }
        return others;
    }

    private static List<Changed> inMap(Map<?, ?> map, String path) {
        List<Changed> others = new ArrayList<>();
        map.forEach((key, value) -> {
            for (Changed other : others(value, path + "." + key)) {
                Map<Object, Object> copy = new LinkedHashMap<>(map);
                copy.put(key, other.value);
                others.add(new Changed(other.path, copy));
            }
        });
        return others;
    }

    private static List<Changed> inRecord(Record whole, String path) {
        RecordComponent[] components = whole.getClass().getRecordComponents();
        List<Changed> others = new ArrayList<>();
        try {
            Object[] values = new Object[components.length];
            for (int i = 0; i < values.length; i++) {
                components[i].getAccessor().setAccessible(true);
                values[i] = components[i].getAccessor().invoke(whole);
            }
            for (int i = 0; i < values.length; i++) {
                for (Changed other : others(values[i], path + "." + components[i].getName())) {
                    Object[] copy = values.clone();
                    copy[i] = other.value;
                    made(whole.getClass(), components, copy)
                            .ifPresent(record -> others.add(new Changed(other.path, record)));
                }
            }
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
        return others;
    }

    private static Optional<Object> made(Class<?> type, RecordComponent[] components, Object[] values)
            throws ReflectiveOperationException {
        Constructor<?> constructor = type.getDeclaredConstructor(
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
        constructor.setAccessible(true);
        try {
            return Optional.of(constructor.newInstance(values));
        } catch (InvocationTargetException refused) {
            assertThat(refused.getCause()).isInstanceOf(IllegalArgumentException.class);
            return Optional.empty();
        }
    }

    @Test
    void leavesOutWhatIsNotThere() {
        ScoringPlan bare = ScoringPlan.of("s", TWEET)
                .columns(ColumnPlan.dense("d")
                        .source(USER, "a")
                        .candidate(TWEET, "b")
                        .build())
                .build();
        assertThat(told(bare)).doesNotContain("attributes", "created", "rules", ColumnSetting.SCORE_MIN.key());
    }
}
