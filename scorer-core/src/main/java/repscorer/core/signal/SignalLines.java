package repscorer.core.signal;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import repscorer.core.disk.Disk;
import repscorer.core.entity.EntityId;
import repscorer.core.failure.Finding;

/**
 * The form that signals were kept in before they had a log: a line for each, time, user, type, entity, + or -, with tabs between.
 * It is read once, and set aside.
 */
final class SignalLines {

    private static final String ASIDE = ".migrated";

    private static final int NAMED_MAX = 10;

    private SignalLines() {}

    /** Tells each line that is a signal; a file that is absent has none. */
    static void read(Disk disk, Path file, SignalLog.Reader reader, Consumer<Finding> findings) throws IOException {
        if (!disk.exists(file)) {
            return;
        }
        String name = String.valueOf(file.getFileName());
        MemorySegment bytes = disk.map(file);
        long from = 0;
        long bad = 0;
        for (long number = 1; from < bytes.byteSize(); number++) {
            long end = from;
            while (end < bytes.byteSize() && bytes.get(ValueLayout.JAVA_BYTE, end) != '\n') {
                end++;
            }
            if (end == bytes.byteSize()) {
                findings.accept(new Finding(Finding.Kind.TORN, name, "line %s never ended".formatted(number)));
                break;
            }
            byte[] text = bytes.asSlice(from, end - from).toArray(ValueLayout.JAVA_BYTE);
            String line = new String(text, StandardCharsets.UTF_8);
            Optional<SignalPush> push = parse(line);
            if (push.isPresent()) {
                reader.take(push.get());
            } else if (++bad <= NAMED_MAX) {
                String shown = line.length() <= 100 ? line : line.substring(0, 100) + "...";
                findings.accept(new Finding(
                        Finding.Kind.DAMAGED,
                        name,
                        "line %s is no signal, and is left out: '%s'".formatted(number, shown)));
            }
            from = end + 1;
        }
        if (bad > NAMED_MAX) {
            findings.accept(new Finding(
                    Finding.Kind.DAMAGED, name, "%s lines are no signals, and are left out".formatted(bad)));
        }
    }

    private static Optional<SignalPush> parse(String line) {
        String[] fields = line.stripTrailing().split("\t", -1);
        if (fields.length != 5 || !(fields[4].equals("+") || fields[4].equals("-"))) {
            return Optional.empty();
        }
        try {
            Signal signal = new Signal(fields[2], EntityId.parse(fields[3]), Long.parseLong(fields[0]));
            return Optional.of(new SignalPush(EntityId.parse(fields[1]), signal, fields[4].equals("-")));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Gives a file that was read another name, for whoever wants to look at it. */
    static void setAside(Disk disk, Path file) throws IOException {
        if (disk.exists(file)) {
            disk.move(file, file.resolveSibling(file.getFileName() + ASIDE));
            disk.syncDirectory(Objects.requireNonNull(file.toAbsolutePath().getParent()));
        }
    }

    /** Removes a file that was set aside: whoever it tells of is in the log, or was erased. */
    static void forget(Disk disk, Path file) throws IOException {
        Path aside = file.resolveSibling(file.getFileName() + ASIDE);
        if (disk.exists(aside)) {
            disk.delete(aside);
            disk.syncDirectory(Objects.requireNonNull(file.toAbsolutePath().getParent()));
        }
    }
}
