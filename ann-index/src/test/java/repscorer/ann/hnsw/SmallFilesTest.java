package repscorer.ann.hnsw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import repscorer.ann.BuildProgress;
import repscorer.ann.HnswParameters;
import repscorer.ann.Neighbors;
import repscorer.ann.SearchOptions;
import repscorer.ann.SearchStats.Plan;
import repscorer.testing.Seeds;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;

/** Files of indexes over seventy rows, two of them equal and two scored beside the graph: every byte of them counts. */
class SmallFilesTest {

    private static final Path FILE = Path.of("graph.hnsw");
    private static final int ROWS = 70;

    @TempDir
    Path directory;

    private final RandomGenerator random = Seeds.random("SmallFilesTest");
    private final float[][] values = drawn();
    private final DenseRows rows = DenseRows.copyOf(values);
    private final ExecutorService executor = Executors.newSingleThreadExecutor();

    @AfterEach
    void stop() {
        executor.close();
    }

    private float[][] drawn() {
        float[][] drawn = new float[ROWS][10];
        for (float[] row : drawn) {
            for (int j = 0; j < 10; j++) {
                row[j] = (float) random.nextGaussian();
            }
        }
        drawn[30] = drawn[7].clone();
        return drawn;
    }

    private HnswIndex build(DenseRows of, Metric metric, Quantization codes) throws InterruptedException {
        return HnswIndex.build(of, metric, new HnswParameters(4, 20, 4), codes, executor, 1, BuildProgress.NONE);
    }

    private static byte[] saved(HnswIndex index) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        index.save(Channels.newChannel(bytes));
        return bytes.toByteArray();
    }

    private static HnswIndex opened(byte[] bytes, DenseRows rows) throws IOException {
        return HnswIndex.open(FILE, MemorySegment.ofArray(bytes), rows);
    }

    @ParameterizedTest
    @CsvSource({
        "L2, NONE, 1e20",
        "COSINE, INT8, 1e-25",
        "INNER_PRODUCT, INT8_ONLY, 1e20",
        "COSINE, INT8_FLOAT16, 1e-25",
        "L2, INT8, 1",
        "COSINE, INT8, 1"
    })
    @DisplayName("V1: all parts of an index are kept, and it is opened to the same answers and the same bytes")
    void allPartsAreKept(Metric metric, Quantization codes, float outlying) throws Exception {
        float[][] some = values.clone();
        for (int row : new int[] {5, 60}) {
            some[row] = values[row].clone();
            for (int j = 0; j < 10; j++) {
                some[row][j] *= outlying;
            }
        }
        DenseRows stored = DenseRows.copyOf(some);
        HnswIndex index = build(stored, metric, codes);
        byte[] bytes = saved(index);
        HnswIndex opened = opened(bytes, stored);
        assertThat(saved(opened)).isEqualTo(bytes);
        assertThat(opened.outside()).isEqualTo(index.outside()).hasSize(outlying == 1 ? 0 : 2);
        assertThat(opened.inGraph()).isEqualTo(index.inGraph()).isEqualTo(outlying == 1 ? 69 : 67);
        assertThat(opened.copies().node(30)).isEqualTo(7);
        assertThat(opened.repaired()).isEqualTo(index.repaired());
        assertThat(opened.stats()).usingRecursiveComparison().isEqualTo(index.stats());
        for (int row = 0; row < ROWS; row++) {
            if (row != 5 && row != 60) {
                Neighbors was = index.searchGraph(values[row], SearchOptions.of(5), 30);
                Neighbors is = opened.searchGraph(values[row], SearchOptions.of(5), 30);
                assertThat(is.ordinals()).isEqualTo(was.ordinals());
                assertThat(is.scores()).isEqualTo(was.scores());
            }
        }
        assertThat(opened.engine()).isEqualTo("hnsw");
        assertThat(opened.metric()).isEqualTo(metric);
        assertThat(opened.quantization()).isEqualTo(codes);
        assertThat(opened.quantizationLoss()).isEqualTo(QuantizationLoss.UNMEASURED);
        assertThat(opened.recallLearnt()).isEmpty();
        assertThat(opened.effortFor(10, 0.5f)).isEmpty();
        Neighbors scanned = opened.search(values[3], SearchOptions.of(4));
        assertThat(scanned.stats().plan()).isEqualTo(Plan.EXACT);
        assertThat(scanned.ordinals()).hasSize(4);
        Path file = directory.resolve("kept");
        index.save(file);
        assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
        assertThat(saved(HnswIndex.open(file, stored))).isEqualTo(bytes);
    }

    @Test
    @DisplayName("V1: directions that lie close together have a format of their own, and copies another")
    void formatsTellWhatIsInside() throws Exception {
        float[][] close = new float[ROWS][10];
        for (float[] row : close) {
            for (int j = 0; j < 10; j++) {
                row[j] = 1 + (float) random.nextGaussian() / 100;
            }
        }
        float[][] single = values.clone();
        single[30] = close[30];
        byte[] first = saved(build(DenseRows.copyOf(single), Metric.COSINE, Quantization.INT8));
        assertThat(format(first)).isEqualTo(2);
        assertThat(saved(opened(first, DenseRows.copyOf(single)))).isEqualTo(first);
        assertThat(format(saved(build(DenseRows.copyOf(close), Metric.L2, Quantization.INT8))))
                .isEqualTo(2);
        DenseRows closeRows = DenseRows.copyOf(close);
        HnswIndex moved = build(closeRows, Metric.COSINE, Quantization.INT8);
        assertThat(format(saved(moved))).isEqualTo(3);
        HnswIndex opened = opened(saved(moved), closeRows);
        assertThat(opened.searchGraph(close[4], SearchOptions.of(9), 40).scores())
                .isEqualTo(moved.searchGraph(close[4], SearchOptions.of(9), 40).scores());
        assertThat(opened.searchGraph(close[4], SearchOptions.of(1), 40).ordinals())
                .containsExactly(4);
        assertThat(format(saved(build(rows, Metric.COSINE, Quantization.INT8)))).isEqualTo(4);
        close[30] = close[7].clone();
        byte[] last = saved(build(DenseRows.copyOf(close), Metric.COSINE, Quantization.INT8));
        assertThat(format(last)).isEqualTo(5);
        assertThat(saved(opened(last, DenseRows.copyOf(close)))).isEqualTo(last);
    }

    private static int format(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(8);
    }

    @Test
    @DisplayName("V1: whatever bit is another, or how many bytes are missing or too many, it is told and named")
    void anyDamageIsTold() throws Exception {
        byte[] good = saved(build(rows, Metric.L2, Quantization.INT8));
        for (int i = 0; i < 400; i++) {
            byte[] bad = good.clone();
            int at = i < 300 ? i : random.nextInt(bad.length);
            bad[at] ^= (byte) (1 << random.nextInt(8));
            assertThatThrownBy(() -> opened(bad, rows))
                    .as("byte %s", at)
                    .isInstanceOf(IOException.class)
                    .hasMessageMatching(".*graph.hnsw.*(header|section|does not start).*");
        }
        for (int length : new int[] {0, 100, 4095, 4096, good.length / 2, good.length - 1}) {
            assertThatThrownBy(() -> opened(Arrays.copyOf(good, length), rows))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(length < 4096 ? "it ends inside the header" : "it ends before its section");
        }
        assertThatThrownBy(() -> opened(Arrays.copyOf(good, good.length + 3), rows))
                .hasMessageContaining("it ends 3 bytes after its last section");
        float[][] others = values.clone();
        others[64] = values[1]; // of the norms each counts, and of the values those of every 64th row
        assertThatThrownBy(() -> opened(good, DenseRows.copyOf(others))).hasMessageContaining("belongs to other rows");
        others[64] = values[64].clone();
        others[64][0] = values[64][1];
        others[64][1] = values[64][0];
        assertThatThrownBy(() -> opened(good, DenseRows.copyOf(others))).hasMessageContaining("belongs to other rows");
        others[64] = values[64];
        others[69] = values[2];
        assertThatThrownBy(() -> opened(good, DenseRows.copyOf(others))).hasMessageContaining("belongs to other rows");
        assertThatThrownBy(() -> opened(good, DenseRows.copyOf(Arrays.copyOf(values, 69))))
                .hasMessageContaining("built over 70 of dimension 10, these are 69 of 10");
    }

    @Test
    @DisplayName("V1: formats before and after those that are read are named, and sections of another length")
    void otherFormatsAreNamed() throws Exception {
        byte[] good = saved(build(rows, Metric.L2, Quantization.INT8));
        for (int format : new int[] {1, 6}) {
            byte[] other = good.clone();
            ByteBuffer.wrap(other).order(ByteOrder.LITTLE_ENDIAN).putInt(8, format);
            assertThatThrownBy(() -> opened(sealed(other), rows))
                    .hasMessage("index file graph.hnsw has format %s, and this version reads 2 to 5".formatted(format));
        }
        byte[] fewer = good.clone();
        ByteBuffer.wrap(fewer).order(ByteOrder.LITTLE_ENDIAN).putInt(60, 3); // so many are said to be outside
        assertThatThrownBy(() -> opened(sealed(fewer), rows))
                .hasMessageContaining("it names 0 rows outside the graph, not 3");
    }

    @Test
    @DisplayName("V1: a section of more than 16 MiB is written, checked and read as any other")
    void longSectionsAreKept() throws Exception {
        int count = 17_000;
        DenseRows zeros = DenseRows.copyOf(new float[count][1]);
        Graph graph = Graph.empty(128, count, 1, Arena.ofAuto());
        graph.setList(0, count - 1, new int[] {5, 77}, 2);
        graph.setList(0, 3, new int[] {9}, 1);
        byte[] bytes = saved(new HnswIndex(
                zeros,
                new HnswParameters(128, 128, 1),
                Quantization.NONE,
                graph,
                new Copies(count),
                new FloatScorer(zeros, Metric.L2),
                null,
                2,
                new int[0],
                0,
                Calibration.NONE));
        Graph opened = opened(bytes, zeros).graph();
        assertThat(opened.links.mismatch(graph.links)).isEqualTo(-1);
        assertThat(opened.upperAt.mismatch(graph.upperAt)).isEqualTo(-1);
        for (int at : new int[] {4096 + (1 << 24), 4095 + (int) Graph.linkBytes(count, 128)}) {
            bytes[at]++;
            assertThatThrownBy(() -> opened(bytes, zeros)).hasMessageContaining("checksum of its section LINKS is");
            bytes[at]--;
        }
    }

    @Test
    @DisplayName("V1: what was learnt about a graph is kept to the bit")
    void whatWasLearntIsKept() throws Exception {
        HnswIndex index = build(rows, Metric.L2, Quantization.INT8);
        float[][] slacks = new float[3][Calibration.EFS.length];
        float[] recalls = new float[Calibration.EFS.length];
        for (int i = 0; i < recalls.length; i++) {
            recalls[i] = random.nextFloat();
            for (float[] byEf : slacks) {
                byEf[i] = random.nextFloat();
            }
        }
        for (float[][] learnt : new float[][][] {slacks, {}}) {
            Calibration calibration = new Calibration(learnt, recalls, new QuantizationLoss(9, 0.25f, 0.5f, 0.75f, 7));
            HnswIndex opened = opened(saved(index.calibrated(calibration)), rows);
            assertThat(opened.calibration()).usingRecursiveComparison().isEqualTo(calibration);
            assertThat(opened.recallLearnt()).isPresent();
        }
    }

    @Test
    @DisplayName("V1: where a checksum differs, both are told")
    void bothChecksumsAreTold() throws Exception {
        byte[] bytes = saved(build(rows, Metric.L2, Quantization.NONE));
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int kept = header.getInt(96 + 16);
        bytes[4096 + 8]++;
        CRC32C crc = new CRC32C();
        crc.update(bytes, 4096, (int) header.getLong(96 + 8));
        assertThatThrownBy(() -> opened(bytes, rows))
                .hasMessage(String.format(
                        Locale.ROOT,
                        "index file graph.hnsw is damaged: the checksum of its section LINKS is %08x, not %08x",
                        (int) crc.getValue(),
                        kept));
        bytes[4096 + 8]--;
        int whole = header.getInt(12);
        header.putInt(12, whole + 1);
        assertThatThrownBy(() -> opened(bytes, rows))
                .hasMessage(String.format(
                        Locale.ROOT,
                        "index file graph.hnsw is damaged: the header's checksum is %08x, not %08x",
                        whole,
                        whole + 1));
    }

    /** With the header's own checksum set right. */
    private static byte[] sealed(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(12, 0);
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, 4096);
        buffer.putInt(12, (int) crc.getValue());
        return bytes;
    }
}
