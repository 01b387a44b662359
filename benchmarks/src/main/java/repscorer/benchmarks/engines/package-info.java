/**
 * The dense engines that {@link repscorer.benchmarks.AnnBench} measures, ours and peers', each in a process of its own: so
 * that what the compiler learnt from one engine, its garbage and its memory are no other's. Nothing outside of the
 * benchmarks sees the peers' libraries. Start at {@link repscorer.benchmarks.engines.Engines}.
 */
@NullMarked
package repscorer.benchmarks.engines;

import org.jspecify.annotations.NullMarked;
