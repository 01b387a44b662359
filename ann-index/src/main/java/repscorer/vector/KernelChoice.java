package repscorer.vector;

import java.lang.System.Logger.Level;

/** Decides which twin of the kernels runs: once, when {@link VectorOps} is first used. */
final class KernelChoice {

    static final String PROPERTY = "repscorer.kernels";

    private static final String MODULE = "jdk.incubator.vector";

    private KernelChoice() {}

    /** The twin that the system property asks for; the scalar one, with a line in the log, where SIMD is absent. */
    static Kernels fromSystem() {
        return choose(
                System.getProperty(PROPERTY, "auto"),
                ModuleLayer.boot().findModule(MODULE).isPresent());
    }

    /**
     * @param wanted {@code auto}, {@code scalar}, {@code panama}; empty means auto
     * @param simdPresent whether {@link PanamaKernels} can be loaded; it is touched only if so
     */
    static Kernels choose(String wanted, boolean simdPresent) {
        return switch (wanted) {
            case "scalar" -> new ScalarKernels();
            case "panama" -> {
                if (!simdPresent) {
                    throw new IllegalStateException(PROPERTY + "=panama needs the module " + MODULE
                            + ": start java with --add-modules " + MODULE);
                }
                yield new PanamaKernels();
            }
            case "auto", "" -> simdPresent ? new PanamaKernels() : scalarWithWarning();
            default ->
                throw new IllegalArgumentException(PROPERTY + " must be auto, scalar or panama: '" + wanted + "'");
        };
    }

    private static Kernels scalarWithWarning() {
        System.getLogger(VectorOps.class.getName())
                .log(
                        Level.WARNING,
                        "The module " + MODULE
                                + " is absent, so vectors are scored by slower scalar loops; start java with"
                                + " --add-modules " + MODULE);
        return new ScalarKernels();
    }
}
