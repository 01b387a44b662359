/**
 * The store under faults: a simulated disk, a workload with an oracle, and processes that are killed. Shares no code with the
 * store's own recovery. Start at {@link repscorer.benchmarks.reliability.FaultRun}.
 */
@NullMarked
package repscorer.benchmarks.reliability;

import org.jspecify.annotations.NullMarked;
