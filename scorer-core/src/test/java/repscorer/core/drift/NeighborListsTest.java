package repscorer.core.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.fixture.ReleaseBuilder;
import repscorer.core.fixture.Spaces;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.SpaceVersion;
import repscorer.testing.Seeds;

class NeighborListsTest {

    private static final int ROWS = 200;
    private static final int DIMENSION = 4;

    /** Of one id in both versions. */
    private static final long VALUES = 2L * ROWS * DIMENSION;

    @TempDir
    Path directory;

    private static SpaceDrift.Neighbors neighbors(SpaceVersion version, int drawn, long valuesMax) {
        SharedRows rows = SharedRows.of(version, version, drawn, 1);
        assertThat(rows.drawn()).isEqualTo(drawn);
        return NeighborLists.of(version, version, rows, valuesMax).orElseThrow();
    }

    @Test
    @DisplayName(
            "every row is looked at for as many ids as that may cost; for fewer than fifty the index is asked, and it is told")
    void whatLooksCostIsBounded() throws IOException {
        RandomGenerator random = Seeds.random("neighbour lists");
        try (RepresentationStore store =
                ReleaseBuilder.open(directory.resolve("store"), Spaces.twhin("users", EntityKind.USER, DIMENSION))) {
            Map<EntityId, float[]> rows = new TreeMap<>();
            for (int i = 1; i <= ROWS; i++) {
                rows.put(EntityId.of(EntityKind.USER, i), new float[] {
                    (float) random.nextGaussian(), (float) random.nextGaussian(), (float) random.nextGaussian(), 1
                });
            }
            ReleaseBuilder.of(store, directory, "a").dense("users", rows).publish();
            SpaceVersion version = store.current().space("users").orElseThrow();
            assertThat(neighbors(version, ROWS, ROWS * VALUES))
                    .returns(ROWS, SpaceDrift.Neighbors::drawn)
                    .returns(true, SpaceDrift.Neighbors::exact);
            assertThat(neighbors(version, ROWS, 100 * VALUES))
                    .returns(100, SpaceDrift.Neighbors::drawn)
                    .returns(true, SpaceDrift.Neighbors::exact);
            assertThat(neighbors(version, ROWS, 50 * VALUES - 1))
                    .returns(50, SpaceDrift.Neighbors::drawn)
                    .returns(false, SpaceDrift.Neighbors::exact);
            SpaceDrift.Neighbors few = neighbors(version, 7, 1);
            assertThat(few.drawn()).isEqualTo(7);
            assertThat(few.exact()).isFalse();
            assertThat(few.lists()).extracting(ListDrift::k).containsExactly(10, 50);
            assertThat(few.lists())
                    .allSatisfy(list -> assertThat(list.overlap().count()).isEqualTo(7));
        }
    }
}
