package repscorer.core.recall;

import java.util.Optional;

/**
 * What is known of the searches of one space, in one release, under filters of one band.
 *
 * @param samples how many searches were answered again; the latest one or two thousand
 * @param mean share of the truly best that a search found, of as many as it was asked for; 0 to 1
 * @param lower the true mean lies from here on with 95 % probability, however often this is looked at
 * @param upper to here
 * @param alarm why this is too low; empty where it is not, or not known to be
 */
public record SpaceRecall(
        String space,
        String release,
        FilterBand band,
        long samples,
        double mean,
        double lower,
        double upper,
        Optional<String> alarm) {}
