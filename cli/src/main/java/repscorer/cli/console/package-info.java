/**
 * What a person sees: progress, answers, emphasis. Everything prints to a stream it is given, and looks plainer where that is
 * no terminal. Start at {@link repscorer.cli.console.ProgressLine}.
 */
@NullMarked
package repscorer.cli.console;

import org.jspecify.annotations.NullMarked;
