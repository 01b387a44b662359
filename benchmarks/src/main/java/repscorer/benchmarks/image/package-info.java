/** The image of the service for containers, which Jib writes without a daemon. Start at {@link repscorer.benchmarks.image.ServiceImage}. */
@NullMarked
package repscorer.benchmarks.image;

import org.jspecify.annotations.NullMarked;
