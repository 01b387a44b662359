/**
 * Requests that nobody would write, made from a service's own description, and what no answer to them may be. It speaks HTTP and
 * knows nothing of the product. Jackson, which reads the description, is optional: who uses it names it. Start at
 * {@link repscorer.testing.fuzz.FuzzRun}.
 */
@NullMarked
package repscorer.testing.fuzz;

import org.jspecify.annotations.NullMarked;
