/**
 * A broker for tests and proofs of what speaks to Kafka. Its libraries are optional: who uses it names them. Start at
 * {@link repscorer.testing.kafka.TestBroker}.
 */
@NullMarked
package repscorer.testing.kafka;

import org.jspecify.annotations.NullMarked;
