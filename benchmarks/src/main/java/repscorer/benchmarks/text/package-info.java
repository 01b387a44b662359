/** What searches in words and completion cost. Start at {@link repscorer.benchmarks.text.TextProof}. */
@NullMarked
package repscorer.benchmarks.text;

import org.jspecify.annotations.NullMarked;
