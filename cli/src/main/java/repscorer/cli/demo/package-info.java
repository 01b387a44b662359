/**
 * The demo: a social network, learnt, published, served and asked, in four steps that a second start skips where their results
 * are there. It goes through the same doors as everybody else: the trainer, uploads over HTTP, the SDK. Start at
 * {@link repscorer.cli.demo.Demo}.
 */
@NullMarked
package repscorer.cli.demo;

import org.jspecify.annotations.NullMarked;
