package repscorer.core.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.Scorer;
import repscorer.core.answer.ScoredCandidate;
import repscorer.core.answer.ScoredCandidate.Reason;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.fixture.ReleaseBuilder;
import repscorer.core.fixture.ScorerBuilder;
import repscorer.core.fixture.Spaces;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ReasonPlan;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.query.CandidateQuery;
import repscorer.core.query.Source;
import repscorer.core.similarity.Similarity;
import repscorer.core.store.RepresentationStore;
import repscorer.vector.SparseVector;

/** Who is followed by whom one follows, in sentences. */
class ReasonsTest {

    private static final EntityKind USER = EntityKind.USER;
    private static final ReasonPlan FOLLOWED =
            new ReasonPlan("followed by {shared}, whom you follow", Optional.of("names"));

    @TempDir
    Path directory;

    private RepresentationStore store;

    @BeforeEach
    void publish() throws IOException {
        store = ReleaseBuilder.open(
                directory.resolve("store"),
                Spaces.clusters("followees", USER, 100),
                Spaces.clusters("followers", USER, 100),
                Spaces.texts("names", USER));
        List<EntityId> people = ReleaseBuilder.columns("user", 5);
        ReleaseBuilder.of(store, Files.createDirectory(directory.resolve("scratch")), "r1")
                .sparse("followees", people, Map.of(user("me"), row(0, 1, 2, 3)))
                .write("followers", people, Map.of(2, "the third"), writer -> {
                    writer.add(user("one"), new SparseVector(new int[] {0, 4}, new float[] {1, 9}));
                    writer.add(user("two"), new SparseVector(new int[] {1, 2}, new float[] {1, 2}));
                    writer.add(user("four"), new SparseVector(new int[] {0, 1, 2, 3}, new float[] {4, 2, 1, 3}));
                    writer.add(user("none"), row(4));
                })
                .texts("names", Map.of(user("0"), "Ada", user("1"), "Grace"))
                .publish();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static EntityId user(String value) {
        return EntityId.of(USER, value);
    }

    private static SparseVector row(int... columns) {
        float[] weights = new float[columns.length];
        Arrays.fill(weights, 1);
        return new SparseVector(columns, weights);
    }

    private static ScoringPlan.Builder plan() {
        return ScoringPlan.of("follow", USER)
                .columns(ColumnPlan.sparse("mutual")
                        .source(USER, "followees")
                        .candidate(USER, "followers")
                        .similarity(Similarity.DOT)
                        .build());
    }

    private List<Reason> reasons(ReasonPlan reason, String candidate, boolean explain) {
        Scorer scorer = ScorerBuilder.of(
                        store, plan().reasons(Map.of("mutual", reason)).build())
                .build();
        CandidateQuery query = new CandidateQuery(
                "follow",
                Source.Entities.of(user("me")),
                Optional.of(10),
                List.of(),
                List.of(),
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                explain);
        return scorer.candidates(query).candidates().stream()
                .filter(each -> each.id().equals(user(candidate)))
                .map(ScoredCandidate::reasons)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void namesComeFromTheTextsThenFromLabelsThenFromIds() {
        assertThat(reasons(FOLLOWED, "one", true))
                .containsExactly(new Reason("mutual", "followed by Ada, whom you follow"));
        assertThat(reasons(FOLLOWED, "two", true))
                .as("the one that adds most stands first")
                .containsExactly(new Reason("mutual", "followed by the third and Grace, whom you follow"));
        assertThat(reasons(FOLLOWED, "four", true))
                .containsExactly(new Reason("mutual", "followed by Ada, 3 and 2 others, whom you follow"));
    }

    @Test
    void withoutATextSpaceLabelsAndIdsMustDo() {
        ReasonPlan plain = new ReasonPlan("{shared} too", Optional.empty());
        assertThat(reasons(plain, "two", true)).containsExactly(new Reason("mutual", "the third and 1 too"));
    }

    @Test
    void aSentenceWithoutNamesIsToldWhereSomethingIsShared() {
        ReasonPlan plain = new ReasonPlan("somebody you follow does", Optional.empty());
        assertThat(reasons(plain, "one", true)).containsExactly(new Reason("mutual", "somebody you follow does"));
    }

    @Test
    void nothingIsToldWhereNobodyAsked() {
        assertThat(reasons(FOLLOWED, "one", false)).isEmpty();
    }

    @Test
    void aReasonOfAnUnknownColumnOrOfNamesThatAreNoTextsIsRefused() {
        assertThatThrownBy(() -> ScorerBuilder.of(
                                store, plan().reasons(Map.of("other", FOLLOWED)).build())
                        .build())
                .hasMessageContaining("reason of column other of surface follow");
        assertThatThrownBy(() -> ScorerBuilder.of(
                                store,
                                plan().reasons(Map.of("mutual", new ReasonPlan("x", Optional.of("followers"))))
                                        .build())
                        .build())
                .hasMessageContaining("must be a text space: followers (reason of column mutual of surface follow)");
        assertThatThrownBy(() -> new ReasonPlan(" ", Optional.empty())).hasMessageContaining("1 to 200 characters");
    }
}
