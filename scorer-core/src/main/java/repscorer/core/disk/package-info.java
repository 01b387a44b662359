/**
 * The one way to the disk: every file that is written is written through a {@link repscorer.core.disk.Disk}, so that a proof can
 * put another one in its place. What the files hold is for the packages above to say. Start at
 * {@link repscorer.core.disk.AtomicFile}.
 */
@NullMarked
package repscorer.core.disk;

import org.jspecify.annotations.NullMarked;
