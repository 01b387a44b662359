package repscorer.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.store.Snapshot;
import repscorer.testing.Seeds;

class EntitySetTest {

    @Test
    void holdsEachEntityOnceInTheOrderOfItsComing() {
        RandomGenerator random = Seeds.random("EntitySetTest");
        List<EntityKind> kinds = List.of(EntityKind.USER, EntityKind.TWEET, EntityKind.TOPIC);
        for (int round = 0; round < 20; round++) {
            Entities entities = new Entities(Snapshot.EMPTY);
            EntitySet set = new EntitySet(entities);
            LinkedHashSet<EntityId> model = new LinkedHashSet<>();
            for (int i = 0; i < 1_000; i++) {
                EntityId id = EntityId.of(kinds.get(random.nextInt(3)), random.nextInt(300));
                boolean added = model.add(id);
                int place = set.add(id);
                assertThat(place == model.size() - 1 && added).isEqualTo(added);
                assertThat(set.id(place)).isEqualTo(id);
                assertThat(set.kind(place)).isEqualTo(id.kind());
            }
            List<EntityId> ids = new ArrayList<>(model);
            assertThat(set.size()).isEqualTo(ids.size());
            for (int place = 0; place < ids.size(); place++) {
                assertThat(set.place(ids.get(place))).isEqualTo(place);
                assertThat(set.contains(set.number(place))).isTrue();
            }
            assertThat(set.place(EntityId.of(EntityKind.USER, "absent"))).isEqualTo(-1);
            EntitySet sorted = set.sorted();
            assertThat(IntStream.range(0, sorted.size()).mapToObj(sorted::id).toList())
                    .isEqualTo(model.stream().sorted().toList());
        }
    }
}
