/**
 * Another plan or release beside the one that answers: what it would have answered to a share of the requests, worked out when
 * processors are idle and compared with what was answered. Nobody sees its answers, nobody waits for them. Start at
 * {@link repscorer.core.shadow.Shadows}.
 */
@NullMarked
package repscorer.core.shadow;

import org.jspecify.annotations.NullMarked;
