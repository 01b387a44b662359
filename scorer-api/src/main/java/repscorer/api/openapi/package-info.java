/**
 * What the OpenAPI document says beyond the routes themselves: its head, the golden examples, the problem documents. Routes
 * describe themselves where they are. Start at {@link repscorer.api.openapi.ApiDocument}.
 */
@NullMarked
package repscorer.api.openapi;

import org.jspecify.annotations.NullMarked;
