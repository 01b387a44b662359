package repscorer.core.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharedRowsTest {

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 10, 1_000})
    void chanceIsJudgedByOthersAndNeverByTheIdItself(int count) {
        int[] others = SharedRows.others(count);
        assertThat(IntStream.range(0, count)).noneMatch(i -> others[i] == i);
        assertThat(Arrays.stream(others).sorted())
                .containsExactly(IntStream.range(0, count).boxed().toArray(Integer[]::new));
    }
}
