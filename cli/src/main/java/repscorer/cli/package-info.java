/**
 * The one command line, {@code bin/repscorer}: each command is a class named after it. Commands only read options, call
 * the module that does the work and print; nothing is computed here. Start at {@link repscorer.cli.Main}.
 */
@NullMarked
package repscorer.cli;

import org.jspecify.annotations.NullMarked;
