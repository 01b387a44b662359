/**
 * What stands between the network and every route: the names that the service answers to, the proxy before it, pages of
 * other origins, and what a browser may do with an answer. Start at {@link repscorer.api.web.HostFilter}.
 */
@NullMarked
package repscorer.api.web;

import org.jspecify.annotations.NullMarked;
