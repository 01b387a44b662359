/**
 * Words for what Jackson complains about, shared by the readers of configuration and of requests. Nothing here reads anything.
 * Start at {@link repscorer.api.json.JacksonFailures}.
 */
@NullMarked
package repscorer.api.json;

import org.jspecify.annotations.NullMarked;
