package repscorer.ann.hnsw;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import repscorer.parallel.Epochs;

class FreeSlotsTest {

    private final Epochs epochs = new Epochs();
    private final FreeSlots free = new FreeSlots(epochs);

    @Test
    void slotsComeBackOnceEachAndTheOldestFirst() {
        assertThat(free.take()).isEqualTo(Graph.NONE);
        free.add(List.of(7, 3));
        free.add(List.of(5));
        assertThat(new int[] {free.take(), free.take(), free.take(), free.take()})
                .containsExactly(7, 3, 5, Graph.NONE);
    }

    @Test
    void aSlotWaitsForTheSearchesThatBeganBeforeItWasUnlinkedAndForNoOthers() {
        int before = epochs.enter();
        free.add(List.of(7));
        int after = epochs.enter();
        free.add(List.of(3));
        assertThat(free.take()).isEqualTo(Graph.NONE);
        epochs.leave(before);
        assertThat(free.take()).isEqualTo(7);
        assertThat(free.take()).isEqualTo(Graph.NONE);
        epochs.leave(after);
        assertThat(free.take()).isEqualTo(3);
    }
}
