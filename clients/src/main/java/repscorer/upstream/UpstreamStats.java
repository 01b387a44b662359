package repscorer.upstream;

import repscorer.resilience.ResilienceStats;

/**
 * What an {@link UpstreamEmbeddings} has done so far.
 *
 * @param hits answered from the cache
 * @param hitsMissing of these, answers that there is no embedding
 * @param hitsStale of these, answers whose renewal was due
 * @param misses not in the cache
 * @param joined of the misses, those that waited for a fetch already under way
 * @param fetches sent on their way, for misses and renewals
 * @param entries in the cache now, roughly
 */
public record UpstreamStats(
        long hits,
        long hitsMissing,
        long hitsStale,
        long misses,
        long joined,
        long fetches,
        long entries,
        ResilienceStats http) {}
