package repscorer.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.answer.Decided;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.fixture.ReleaseBuilder;
import repscorer.core.fixture.ScorerBuilder;
import repscorer.core.fixture.Spaces;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.query.CandidateQuery;
import repscorer.core.query.Source;
import repscorer.core.rule.Rule;
import repscorer.core.rule.RuleBook;
import repscorer.core.store.RepresentationStore;
import repscorer.vector.SparseVector;

/** Releases with and without the spaces of a column. */
class OptionalColumnsTest {

    private static final EntityKind USER = EntityKind.USER;
    private static final EntityId ME = EntityId.of(USER, "me");
    private static final EntityId OTHER = EntityId.of(USER, "other");

    @TempDir
    Path directory;

    private RepresentationStore store;

    @BeforeEach
    void open() {
        store = ReleaseBuilder.open(
                directory.resolve("store"),
                Spaces.twhin("twhin-user", USER, 2),
                Spaces.clusters("followees", USER, 10),
                Spaces.clusters("followers", USER, 10));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void publish(String release, boolean social) throws IOException {
        ReleaseBuilder builder = ReleaseBuilder.of(store, Files.createDirectory(directory.resolve(release)), release)
                .dense("twhin-user", Map.of(ME, new float[] {1, 0}, OTHER, new float[] {0.6f, 0.8f}));
        if (social) {
            SparseVector row = new SparseVector(new int[] {0}, new float[] {1});
            builder.sparse("followees", ReleaseBuilder.columns("user", 1), Map.of(ME, row))
                    .sparse("followers", ReleaseBuilder.columns("user", 1), Map.of(OTHER, row));
        }
        builder.publish();
    }

    private static ScoringPlan.Builder plan() {
        return ScoringPlan.of("follow", USER)
                .columns(
                        ColumnPlan.dense("twhin")
                                .source(USER, "twhin-user")
                                .candidate(USER, "twhin-user")
                                .build(),
                        ColumnPlan.sparse("mutual")
                                .source(USER, "followees")
                                .candidate(USER, "followers")
                                .build());
    }

    private static Decided ask(Scorer scorer) {
        return scorer.decided(new CandidateQuery(
                "follow",
                Source.Entities.of(ME),
                Optional.of(5),
                List.of(),
                List.of(),
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                true));
    }

    private static List<String> columns(Decided decided) {
        return decided.way().plan().columns().stream().map(ColumnPlan::name).toList();
    }

    @Test
    void anOptionalColumnHasNoPartWhereTheReleaseLacksItsSpaces() throws IOException {
        publish("r1", false);
        Scorer scorer = ScorerBuilder.of(
                        store, plan().optional(Set.of("mutual")).build())
                .build();
        Decided without = ask(scorer);
        assertThat(columns(without)).containsExactly("twhin");
        assertThat(without.answer().provenance().notices()).isEmpty();
        assertThat(without.way().plan().optional())
                .as("a plan that is kept names no column that it has not")
                .isEmpty();
        assertThat(ask(scorer).way().plan())
                .as("made once for a release")
                .isSameAs(without.way().plan());

        publish("r2", true);
        Decided with = ask(scorer);
        assertThat(columns(with)).containsExactly("twhin", "mutual");
        assertThat(with.answer().candidates().getFirst().columns()).hasSize(2);
    }

    @Test
    void anyOtherColumnIsMissingAndANoticeTells() throws IOException {
        publish("r1", false);
        Decided without = ask(ScorerBuilder.of(store, plan().build()).build());
        assertThat(columns(without)).containsExactly("twhin", "mutual");
        assertThat(without.answer().provenance().notices()).isNotEmpty();
    }

    @Test
    void onlyColumnsThatThereAreAreOptionalAndNoRuleMayNeedOne() {
        assertThatThrownBy(() -> ScorerBuilder.of(
                                store, plan().optional(Set.of("other")).build())
                        .build())
                .hasMessageContaining("no column is called 'other'");
        ScoringPlan needed = plan().optional(Set.of("mutual"))
                .rules(new RuleBook(List.of(new Rule.Diversify("apart", Rule.Mode.ON, 0.5, "mutual", 2))))
                .build();
        assertThatThrownBy(() -> ScorerBuilder.of(store, needed).build())
                .hasMessageContaining("column mutual is optional, and a rule needs it: rule apart of surface follow");
    }
}
