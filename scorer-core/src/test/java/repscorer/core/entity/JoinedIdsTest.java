package repscorer.core.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import repscorer.testing.Seeds;

class JoinedIdsTest {

    @Test
    void numbersWhatAnyTableNamesInTheOrderOfIds() {
        RandomGenerator random = Seeds.random("JoinedIdsTest");
        for (int round = 0; round < 50; round++) {
            int count = random.nextInt(5);
            List<List<EntityId>> lists = new ArrayList<>();
            List<IdTable> tables = new ArrayList<>();
            TreeSet<EntityId> all = new TreeSet<>();
            for (int t = 0; t < count; t++) {
                TreeSet<EntityId> ids = new TreeSet<>();
                int size = random.nextInt(40);
                for (int i = 0; i < size; i++) {
                    String number = Integer.toString(random.nextInt(60));
                    ids.add(EntityId.of(EntityKind.USER, random.nextInt(4) == 0 ? "n" + number : number));
                }
                lists.add(List.copyOf(ids));
                tables.add(IdTable.copyOf(lists.get(t)));
                all.addAll(ids);
            }
            JoinedIds joined = JoinedIds.of(tables);
            Map<EntityId, Integer> numbers = new TreeMap<>();
            all.forEach(id -> numbers.put(id, numbers.size()));
            assertThat(joined.size()).isEqualTo(all.size());
            numbers.forEach((id, number) -> {
                assertThat(joined.id(number)).isEqualTo(id);
                assertThat(joined.find(id)).isEqualTo(number);
                for (int t = 0; t < count; t++) {
                    int row = lists.get(t).indexOf(id);
                    assertThat(joined.row(t, number)).isEqualTo(row);
                    if (row >= 0) {
                        assertThat(joined.number(t, row)).isEqualTo(number);
                    }
                }
            });
            assertThat(joined.find(EntityId.of(EntityKind.USER, "absent"))).isEqualTo(-1);
        }
    }

    @Test
    void refusesNumbersThatThereAreNot() {
        JoinedIds joined = JoinedIds.of(List.of(IdTable.copyOf(List.of(EntityId.of(EntityKind.USER, 1)))));
        assertThatThrownBy(() -> joined.id(1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> joined.id(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
