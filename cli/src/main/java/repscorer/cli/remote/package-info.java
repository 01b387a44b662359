/**
 * A running service seen from the command line: where it is, and how a directory becomes its release. Everything goes
 * through the SDK. Start at {@link repscorer.cli.remote.RemoteService}.
 */
@NullMarked
package repscorer.cli.remote;

import org.jspecify.annotations.NullMarked;
