/** What pages for a browser have in common. Start at {@link repscorer.api.page.Page}. */
@NullMarked
package repscorer.api.page;

import org.jspecify.annotations.NullMarked;
