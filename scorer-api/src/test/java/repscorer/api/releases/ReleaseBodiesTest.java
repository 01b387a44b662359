package repscorer.api.releases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import repscorer.core.store.Release.IndexCheck;

class ReleaseBodiesTest {

    @Test
    void checksOfIndexesAreAMapInJson() {
        assertThat(ReleaseBodies.checks(List.of(
                        new IndexCheck("a", OptionalDouble.of(0.99), OptionalInt.of(2)),
                        new IndexCheck("b", OptionalDouble.of(1), OptionalInt.empty()))))
                .containsExactly(
                        entry("recall@10 of a", 0.99), entry("recall@10 of b", 1.0), entry("unreachable of a", 2.0));
    }
}
