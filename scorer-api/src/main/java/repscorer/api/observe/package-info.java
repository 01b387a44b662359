/**
 * What operators see: metrics of requests, releases and the upstream, and whether the service is ready. Nothing here changes an
 * answer. Start at {@link repscorer.api.observe.AnswerMetrics}.
 */
@NullMarked
package repscorer.api.observe;

import org.jspecify.annotations.NullMarked;
