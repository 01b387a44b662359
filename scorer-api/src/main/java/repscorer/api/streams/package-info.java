/**
 * Changes to spaces that come by topics of Kafka, beside those over HTTP, by the same rules. Where a topic was read to stands in the
 * store's own log, with the changes. Start at {@link repscorer.api.streams.TopicStream}.
 */
@NullMarked
package repscorer.api.streams;

import org.jspecify.annotations.NullMarked;
