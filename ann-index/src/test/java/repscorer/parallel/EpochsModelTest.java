package repscorer.parallel;

import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** Lincheck tries the interleavings of searches with a writer: no search ever sees a slot that was given to another row. */
public class EpochsModelTest {

    private static final int SLOTS = 64;

    private final Epochs epochs = new Epochs(4);
    private final AtomicIntegerArray reused = new AtomicIntegerArray(SLOTS);
    private volatile int linked;

    /* The writer's own. */
    private final ArrayDeque<long[]> retired = new ArrayDeque<>();
    private int next = 1;

    /** Follows the link, and looks at what it leads to. */
    @Operation
    public boolean search() {
        int place = epochs.enter();
        int slot = linked;
        boolean own = reused.get(slot) == 0;
        epochs.leave(place);
        return own;
    }

    @Operation(nonParallelGroup = "writer")
    public void unlink() {
        int slot = linked;
        linked = next++;
        retired.add(new long[] {slot, epochs.retire()});
    }

    @Operation(nonParallelGroup = "writer")
    public void reuse() {
        long oldest = epochs.oldest();
        for (long[] first = retired.peek(); first != null && first[1] < oldest; first = retired.peek()) {
            reused.set((int) first[0], 1);
            retired.remove();
        }
    }

    @Test
    void noSearchSeesASlotThatIsReused() {
        new ModelCheckingOptions()
                .iterations(8)
                .invocationsPerIteration(1000)
                .threads(3)
                .actorsPerThread(3)
                .check(EpochsModelTest.class);
    }
}
