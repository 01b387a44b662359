/**
 * The commands that change experiments and switches of a running service, each a class. Start at {@link
 * repscorer.cli.experiments.PutCommand}.
 */
@NullMarked
package repscorer.cli.experiments;

import org.jspecify.annotations.NullMarked;
