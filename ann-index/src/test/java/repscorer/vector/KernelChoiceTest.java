package repscorer.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Runs with and without the SIMD module; each run checks what must hold in it. */
class KernelChoiceTest {

    private static final boolean SIMD_PRESENT =
            ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();

    @Test
    void scalarIsAlwaysToBeHad() {
        assertThat(KernelChoice.choose("scalar", SIMD_PRESENT).name()).isEqualTo("scalar");
    }

    @Test
    void autoTakesSimdWhereItIsPresent() {
        String expected = SIMD_PRESENT ? "panama-" : "scalar";
        assertThat(KernelChoice.choose("auto", SIMD_PRESENT).name()).startsWith(expected);
        assertThat(KernelChoice.choose("", SIMD_PRESENT).name()).startsWith(expected);
    }

    @Test
    void autoFallsBackToScalarWhereSimdIsAbsent() {
        assertThat(KernelChoice.choose("auto", false).name()).isEqualTo("scalar");
    }

    @Test
    void panamaWithoutTheModuleSaysHowToAddIt() {
        assertThatThrownBy(() -> KernelChoice.choose("panama", false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("--add-modules jdk.incubator.vector");
    }

    @Test
    void anUnknownNameIsRefused() {
        assertThatThrownBy(() -> KernelChoice.choose("sse", SIMD_PRESENT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("auto, scalar or panama")
                .hasMessageContaining("sse");
    }

    @Test
    void theFacadeRunsWhatThePropertyAsksFor() {
        String wanted = System.getProperty(KernelChoice.PROPERTY, "auto");
        String expected = SIMD_PRESENT && !wanted.equals("scalar") ? "panama-" : "scalar";
        assertThat(VectorOps.implementation()).startsWith(expected);
    }
}
