/**
 * How one release differs from another, over HTTP and as a page. Start at {@link repscorer.api.drift.ComparisonPage} for the page; what
 * is compared is in {@link repscorer.core.drift}.
 */
@NullMarked
package repscorer.api.drift;

import org.jspecify.annotations.NullMarked;
