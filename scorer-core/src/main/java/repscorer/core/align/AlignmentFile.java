package repscorer.core.align;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import repscorer.core.align.Alignment.Fit;
import repscorer.core.align.Alignment.Quality;
import repscorer.core.disk.SealedText;
import repscorer.digest.Sha256;

/** How an alignment is written: what it is in sealed lines, then its values, then a checksum of all. */
public final class AlignmentFile {

    /*
     * magic 8 bytes · int32 length · lines · float32 values of the forward, then of the backward map, part by part · int32 CRC-32C of
     * all before. Little-endian. The lines tell how many values each part has.
     */

    private static final byte[] MAGIC = "RSALIGN1".getBytes(StandardCharsets.US_ASCII);
    private static final int NAME_BYTES = 6;
    private static final String VERSION = ".version.";
    private static final List<String> PARTS =
            List.of("first", "second", "shift", "hidden-weights", "hidden-shift", "out-weights");

    private AlignmentFile() {}

    /** What it is called beside a release's files, without a suffix: one for a model and the coordinates it comes from. */
    public static String name(Alignment alignment) {
        Coordinates from = alignment.from();
        String identity =
                from.training().map(training -> "training " + training).orElse("versions " + from.versions());
        return alignment.model() + "-" + Sha256.hex(identity.getBytes(StandardCharsets.UTF_8), NAME_BYTES);
    }

    public static byte[] toBytes(Alignment alignment) {
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("model", alignment.model());
        put(lines, "from", alignment.from());
        put(lines, "to", alignment.to());
        lines.put("shared", Integer.toString(alignment.shared()));
        lines.put("pairs", Integer.toString(alignment.pairs()));
        lines.put("held-out", Integer.toString(alignment.heldOut()));
        lines.put("seed", Long.toString(alignment.seed()));
        for (Fit fit : alignment.fits()) {
            String key = "fit." + fit.method().word();
            lines.put(
                    key + ".forward",
                    fit.forward().cosine() + " " + fit.forward().recall());
            lines.put(
                    key + ".backward",
                    fit.backward().cosine() + " " + fit.backward().recall());
        }
        put(lines, "forward", alignment.forward());
        put(lines, "backward", alignment.backward());
        byte[] text = SealedText.write(lines);
        int values = alignment.forward().values() + alignment.backward().values();
        ByteBuffer bytes = ByteBuffer.allocate(MAGIC.length + 8 + text.length + Float.BYTES * values)
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(MAGIC).putInt(text.length).put(text);
        parts(alignment.forward()).forEach(part -> put(bytes, part));
        parts(alignment.backward()).forEach(part -> put(bytes, part));
        bytes.putInt(seal(bytes.array(), bytes.position()));
        return bytes.array();
    }

    private static void put(Map<String, String> lines, String key, Coordinates side) {
        lines.put(key + ".release", side.release());
        side.training().ifPresent(training -> lines.put(key + ".training", training));
        side.versions().forEach((space, version) -> lines.put(key + VERSION + space, version));
    }

    private static void put(Map<String, String> lines, String key, Adapter adapter) {
        lines.put(key + ".method", adapter.method().word());
        lines.put(key + ".directions", Boolean.toString(adapter.directions()));
        lines.put(key + ".in", Integer.toString(adapter.in()));
        lines.put(key + ".out", Integer.toString(adapter.out()));
        List<float[]> parts = parts(adapter);
        for (int i = 0; i < PARTS.size(); i++) {
            lines.put(key + "." + PARTS.get(i), Integer.toString(parts.get(i).length));
        }
    }

    private static List<float[]> parts(Adapter adapter) {
        Adapter.Parts parts = adapter.parts();
        return List.of(
                parts.first(),
                parts.second(),
                parts.shift(),
                parts.hiddenWeights(),
                parts.hiddenShift(),
                parts.outWeights());
    }

    private static void put(ByteBuffer bytes, float[] values) {
        bytes.asFloatBuffer().put(values);
        bytes.position(bytes.position() + Float.BYTES * values.length);
    }

    private static int seal(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    /** @throws IllegalArgumentException when the bytes are damaged, or are no alignment */
    public static Alignment parse(byte[] content) {
        ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        int end = content.length - Integer.BYTES;
        if (end < MAGIC.length || !Arrays.equals(content, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new IllegalArgumentException("it is no alignment");
        }
        if (bytes.getInt(end) != seal(content, end)) {
            throw new IllegalArgumentException("its checksum differs");
        }
        try {
            bytes.limit(end).position(MAGIC.length);
            int length = bytes.getInt();
            if (length < 0 || length > bytes.remaining()) {
                throw new IllegalArgumentException("its lines are longer than it: %s bytes".formatted(length));
            }
            byte[] text = new byte[length];
            bytes.get(text);
            Map<String, String> lines = SealedText.read(text);
            Alignment alignment = new Alignment(
                    line(lines, "model"),
                    coordinates(lines, "from"),
                    coordinates(lines, "to"),
                    Integer.parseInt(line(lines, "shared")),
                    Integer.parseInt(line(lines, "pairs")),
                    Integer.parseInt(line(lines, "held-out")),
                    Long.parseLong(line(lines, "seed")),
                    fits(lines),
                    adapter(lines, "forward", bytes),
                    adapter(lines, "backward", bytes));
            if (bytes.hasRemaining()) {
                throw new IllegalArgumentException("it goes on after its last value");
            }
            return alignment;
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("it ends before its last value", e);
        }
    }

    private static Coordinates coordinates(Map<String, String> lines, String key) {
        TreeMap<String, String> versions = new TreeMap<>();
        lines.forEach((name, value) -> {
            if (name.startsWith(key + VERSION)) {
                versions.put(name.substring((key + VERSION).length()), value);
            }
        });
        return new Coordinates(
                line(lines, key + ".release"), Optional.ofNullable(lines.get(key + ".training")), versions);
    }

    private static List<Fit> fits(Map<String, String> lines) {
        List<Fit> fits = new ArrayList<>();
        for (AlignmentMethod method : AlignmentMethod.values()) {
            String key = "fit." + method.word();
            if (lines.containsKey(key + ".forward")) {
                fits.add(new Fit(method, quality(lines, key + ".forward"), quality(lines, key + ".backward")));
            }
        }
        return fits;
    }

    private static Quality quality(Map<String, String> lines, String key) {
        String[] values = line(lines, key).split(" ", 2);
        if (values.length != 2) {
            throw new IllegalArgumentException("the line '%s' has two numbers".formatted(key));
        }
        return new Quality(Double.parseDouble(values[0]), Double.parseDouble(values[1]));
    }

    private static Adapter adapter(Map<String, String> lines, String key, ByteBuffer bytes) {
        List<float[]> parts = new ArrayList<>();
        for (String part : PARTS) {
            int size = Integer.parseInt(line(lines, key + "." + part));
            if (size < 0 || size > bytes.remaining() / Float.BYTES) {
                throw new IllegalArgumentException("it ends before its last value");
            }
            float[] values = new float[size];
            bytes.asFloatBuffer().get(values);
            bytes.position(bytes.position() + Float.BYTES * size);
            for (float value : values) {
                if (!Float.isFinite(value)) {
                    throw new IllegalArgumentException("its values must be finite: " + value);
                }
            }
            parts.add(values);
        }
        String method = line(lines, key + ".method");
        return new Adapter(
                AlignmentMethod.of(method)
                        .orElseThrow(() -> new IllegalArgumentException("there is no method '%s'".formatted(method))),
                Boolean.parseBoolean(line(lines, key + ".directions")),
                Integer.parseInt(line(lines, key + ".in")),
                Integer.parseInt(line(lines, key + ".out")),
                new Adapter.Parts(parts.get(0), parts.get(1), parts.get(2), parts.get(3), parts.get(4), parts.get(5)));
    }

    private static String line(Map<String, String> lines, String key) {
        String value = lines.get(key);
        if (value == null) {
            throw new IllegalArgumentException("the line '%s' is missing".formatted(key));
        }
        return value;
    }
}
