package repscorer.benchmarks.mutants;

import java.nio.file.Path;
import java.util.List;

/**
 * Classes to mutate and the tests that are to notice.
 *
 * @param module whose classes and whose tests they are
 * @param classes globs of PIT's
 * @param tests likewise
 */
public record MutatedPackage(String name, String module, String classes, String tests) {

    /**
     * Seeded runs of thousands of steps, graphs over thousands of rows and fits of thousands of edges, which a mutant would have
     * to live through each time, and tests in processes of their own, which no mutant reaches: what they find, shorter tests
     * beside them are to find too.
     */
    private static final List<String> LONG_TESTS = List.of(
            "repscorer.ann.hnsw.CarriedIndexTest",
            "repscorer.ann.hnsw.CloseRowsTest",
            "repscorer.ann.hnsw.CopiesTest",
            "repscorer.ann.hnsw.HnswBuilderTest",
            "repscorer.ann.hnsw.HnswFileTest",
            "repscorer.ann.hnsw.HnswIndexTest",
            "repscorer.ann.hnsw.InnerProductGraphsTest",
            "repscorer.ann.hnsw.MutableHnswIndexTest",
            "repscorer.core.store.AwkwardVectorsTest",
            "repscorer.core.store.DeltaGraphTest",
            "repscorer.core.store.KeptGraphsTest",
            "repscorer.core.store.LocalesTest",
            "repscorer.core.store.ReadersTest",
            "repscorer.core.store.SearchEffortTest",
            "repscorer.core.store.StoreModelTest",
            "repscorer.training.twhin.TwhinTrainerTest");

    public static List<MutatedPackage> all() {
        return List.of(
                in("ann-index", "repscorer.ann.hnsw", "repscorer.ann.hnsw.*"),
                in("ann-index", "repscorer.ann.sparse", "repscorer.ann.sparse.*"),
                in("scorer-core", "repscorer.core.blend", "repscorer.core.blend.*"),
                in("scorer-core", "repscorer.core.rule", "repscorer.core.rule.*,repscorer.core.RulesTest"),
                in("scorer-core", "repscorer.core.store", "repscorer.core.store.*"),
                in("training", "repscorer.training.simclusters", "repscorer.training.simclusters.*"),
                in("training", "repscorer.training.twhin", "repscorer.training.twhin.*"));
    }

    private static MutatedPackage in(String module, String name, String tests) {
        return new MutatedPackage(name, module, name + ".*", tests);
    }

    /** Compiles what the module needs and mutates; the report is {@code mutations.xml} in a directory. */
    public List<String> command(Path reports) {
        return List.of(
                "mvn",
                "-B",
                "-ntp",
                "-q",
                "-P",
                "mutants",
                "-pl",
                module,
                "-am",
                "-Dspotless.check.skip",
                "-DtargetClasses=" + classes,
                "-DtargetTests=" + tests,
                "-DexcludedTestClasses=" + String.join(",", LONG_TESTS),
                "-DreportsDirectory=" + reports,
                "test-compile",
                "org.pitest:pitest-maven:mutationCoverage");
    }
}
