/** What vectors are good for: one proof for each task that they serve. */
@NullMarked
package repscorer.benchmarks.tasks;

import org.jspecify.annotations.NullMarked;
