/** A real service under a load of requests: what each costs, where the time goes, how long callers wait. */
@NullMarked
package repscorer.benchmarks.requests;

import org.jspecify.annotations.NullMarked;
