/** What columns that a model computes cost. Start at {@link repscorer.benchmarks.models.ModelProof}. */
@NullMarked
package repscorer.benchmarks.models;

import org.jspecify.annotations.NullMarked;
