/**
 * Measurements: recall against throughput of the dense engines, and the kernels under JMH. Nothing of the service runs
 * here, and nothing here is needed to run it. Start at {@link repscorer.benchmarks.AnnBench}.
 */
@NullMarked
package repscorer.benchmarks;

import org.jspecify.annotations.NullMarked;
