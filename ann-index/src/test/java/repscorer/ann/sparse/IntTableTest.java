package repscorer.ann.sparse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import repscorer.testing.Seeds;

class IntTableTest {

    @Test
    void behavesAsAMapThatNumbersItsKeys() {
        RandomGenerator random = Seeds.random("IntTableTest");
        IntTable table = new IntTable();
        Map<Integer, Integer> model = new HashMap<>();
        for (int step = 0; step < 20_000; step++) {
            int key = random.nextBoolean() ? random.nextInt(500) << 16 : random.nextInt(Integer.MAX_VALUE);
            assertThat(table.find(key)).isEqualTo(model.getOrDefault(key, IntTable.ABSENT));
            model.putIfAbsent(key, model.size());
            assertThat(table.findOrAdd(key)).isEqualTo(model.get(key));
            assertThat(table.size()).isEqualTo(model.size());
        }
        assertThat(table.findOrAdd(Integer.MAX_VALUE)).isEqualTo(table.find(Integer.MAX_VALUE));
        table.clear();
        assertThat(table.size()).isZero();
        assertThat(table.find(0)).isEqualTo(IntTable.ABSENT);
    }
}
