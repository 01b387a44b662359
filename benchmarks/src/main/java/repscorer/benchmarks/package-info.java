/**
 * Measurements: recall against throughput of the dense engines, and the kernels under JMH; and the
 * commands {@code bench} and {@code prove}. Nothing here is needed to run the service. Start at
 * {@link repscorer.benchmarks.AnnBench}.
 */
@NullMarked
package repscorer.benchmarks;

import org.jspecify.annotations.NullMarked;
