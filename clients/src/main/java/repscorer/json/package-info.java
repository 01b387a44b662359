/**
 * Reads and writes wire records as JSON the same way for the SDK and for upstream clients. The server has its own mapper; the
 * records themselves are in {@link repscorer.wire}. Start at {@link repscorer.json.WireJson}.
 */
@NullMarked
package repscorer.json;

import org.jspecify.annotations.NullMarked;
