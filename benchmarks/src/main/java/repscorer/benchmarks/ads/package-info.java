/** What vectors are worth to a click model, on made-up impressions whose probabilities are known. */
@NullMarked
package repscorer.benchmarks.ads;

import org.jspecify.annotations.NullMarked;
