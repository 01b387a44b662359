package repscorer.benchmarks.engines;

/**
 * How every engine builds, so that curves can be compared.
 *
 * @param m M: links a node keeps, twice as many on the lowest level
 * @param efConstruction the candidate list's length while inserting
 * @param threads building threads
 */
public record BuildSettings(int m, int efConstruction, int threads) {}
