/**
 * Which variant won, and what another plan would have earned: statistics over decisions and their outcomes. Knows no files and no
 * HTTP.
 */
@NullMarked
package repscorer.analysis;

import org.jspecify.annotations.NullMarked;
