/** What a proof is, and what several share: data, scratch directories, rows of a store and callers of its index. */
@NullMarked
package repscorer.benchmarks.proof;

import org.jspecify.annotations.NullMarked;
