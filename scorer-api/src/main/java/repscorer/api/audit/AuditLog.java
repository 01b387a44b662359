package repscorer.api.audit;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import repscorer.api.security.Secrets;
import repscorer.digest.Sha256;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The file {@code audit.log} of a data directory. Services and commands append to it at the same time; an entry that was appended is on
 * the device. Safe for concurrent use.
 */
public final class AuditLog {

    /*
     * A line an entry, in JSON: seq, at, who, from, what, status, before, after, previous, hash. The hash is the SHA-256 of the line's
     * bytes before ,"hash": and previous is the hash of the line before, or 64 zeros. So a line that is changed, taken out or put in
     * shows; that the last ones are cut off shows to whoever noted a later hash elsewhere.
     *
     * What a crash left of a last line was never answered to anybody, and the next entry takes its place.
     */

    private static final String NAME = "audit.log";
    private static final String HASH = ",\"hash\":\"";
    private static final String NONE = "0".repeat(64);
    private static final int BLOCK_BYTES = 1 << 16;

    private static final JsonMapper JSON = JsonMapper.shared();

    /** A lock on a file is the process's: threads take turns here first. */
    private static final Object TURN = new Object();

    private final Path file;

    /**
     * What a log holds.
     *
     * @param entries that are whole and hang together
     * @param hash of the last of them
     * @param broken the first line that does not, and why; empty where all do
     */
    public record Report(long entries, String hash, Optional<String> broken) {}

    /**
     * The end of a file of lines.
     *
     * @param lastLine the last one that is whole, without its end; empty where there is none
     * @param end where the file ends but for a line that is torn, and may be torn within a character
     */
    private record Tail(String lastLine, long end) {

        static Tail of(FileChannel channel) throws IOException {
            long end = lineEnd(channel, channel.size());
            long begin = lineEnd(channel, Math.max(0, end - 1));
            byte[] line = read(channel, begin, (int) Math.max(0, end - 1 - begin));
            return new Tail(new String(line, StandardCharsets.UTF_8), end);
        }

        /** Behind the last end of a line before a place; 0 where there is none. */
        private static long lineEnd(FileChannel channel, long before) throws IOException {
            for (long at = before; at > 0; ) {
                int length = (int) Math.min(at, BLOCK_BYTES);
                at -= length;
                byte[] block = read(channel, at, length);
                for (int i = length - 1; i >= 0; i--) {
                    if (block[i] == '\n') {
                        return at + i + 1;
                    }
                }
            }
            return 0;
        }

        private static byte[] read(FileChannel channel, long from, int length) throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate(length);
            while (bytes.hasRemaining()) {
                if (channel.read(bytes, from + bytes.position()) < 0) {
                    throw new EOFException("the audit log became shorter while it was read");
                }
            }
            return bytes.array();
        }
    }

    private AuditLog(Path file) {
        this.file = file;
    }

    /** The log of a data directory, which has none before the first entry. */
    public static AuditLog of(Path data) {
        return new AuditLog(data.resolve(NAME));
    }

    /**
     * Adds an entry.
     *
     * @param before of what was changed, by name, what it was
     * @throws IOException where it cannot be kept
     */
    public AuditEntry append(
            String who, String from, String what, int status, Map<String, String> before, Map<String, String> after)
            throws IOException {
        synchronized (TURN) {
            boolean begins = Files.notExists(file);
            try (FileChannel channel = FileChannel.open(
                            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (begins) {
                    Secrets.hide(file);
                }
                return append(channel, who, from, what, status, before, after);
            }
        }
    }

    private AuditEntry append(
            FileChannel channel,
            String who,
            String from,
            String what,
            int status,
            Map<String, String> before,
            Map<String, String> after)
            throws IOException {
        Tail tail = Tail.of(channel);
        Optional<AuditEntry> previous =
                tail.lastLine().isEmpty() ? Optional.empty() : Optional.of(entry(tail.lastLine()));
        long size = tail.end();
        ObjectNode line = JSON.createObjectNode();
        Instant at = Instant.now();
        long sequence = previous.map(AuditEntry::sequence).orElse(0L) + 1;
        line.put("seq", sequence)
                .put("at", at.toString())
                .put("who", who)
                .put("from", from)
                .put("what", what)
                .put("status", status);
        line.set("before", JSON.valueToTree(new TreeMap<>(before)));
        line.set("after", JSON.valueToTree(new TreeMap<>(after)));
        line.put("previous", previous.map(AuditEntry::hash).orElse(NONE));
        String whole = JSON.writeValueAsString(line);
        String hashed = whole.substring(0, whole.length() - 1);
        String hash = Sha256.hex(hashed);
        ByteBuffer bytes = ByteBuffer.wrap((hashed + HASH + hash + "\"}\n").getBytes(StandardCharsets.UTF_8));
        channel.truncate(size);
        while (bytes.hasRemaining()) {
            size += channel.write(bytes, size);
        }
        channel.force(true);
        return new AuditEntry(sequence, at, who, from, what, status, new TreeMap<>(before), new TreeMap<>(after), hash);
    }

    /** @throws IOException for a line that is none */
    private static AuditEntry entry(String line) throws IOException {
        try {
            JsonNode node = JSON.readTree(line);
            return new AuditEntry(
                    node.path("seq").asLong(),
                    Instant.parse(node.path("at").asString("")),
                    node.path("who").asString(""),
                    node.path("from").asString(""),
                    node.path("what").asString(""),
                    node.path("status").asInt(),
                    texts(node.path("before")),
                    texts(node.path("after")),
                    node.path("hash").asString(""));
        } catch (JacksonException | DateTimeParseException e) {
            throw new IOException("a line of the audit log is no entry: " + e.getMessage(), e);
        }
    }

    private static SortedMap<String, String> texts(JsonNode node) {
        SortedMap<String, String> texts = new TreeMap<>();
        node.properties()
                .forEach(each -> texts.put(each.getKey(), each.getValue().asString()));
        return texts;
    }

    /**
     * Reads all entries in their order, up to the first line that does not hang on those before.
     *
     * @throws IOException where the file cannot be read
     */
    public Report read(Consumer<AuditEntry> entries) throws IOException {
        long count = 0;
        String previous = NONE;
        if (Files.notExists(file)) {
            return new Report(0, previous, Optional.empty());
        }
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Optional<String> wrong = wrong(line, count + 1, previous);
                if (wrong.isPresent()) {
                    return new Report(count, previous, Optional.of("line %s %s".formatted(count + 1, wrong.get())));
                }
                AuditEntry entry = entry(line);
                entries.accept(entry);
                previous = entry.hash();
                count++;
            }
        }
        return new Report(count, previous, Optional.empty());
    }

    private static Optional<String> wrong(String line, long sequence, String previous) {
        int end = line.lastIndexOf(HASH);
        JsonNode node;
        try {
            node = JSON.readTree(line);
        } catch (JacksonException e) {
            return Optional.of("is no entry: it is cut off, or was changed");
        }
        if (end < 0 || !node.path("hash").asString("").equals(Sha256.hex(line.substring(0, end)))) {
            return Optional.of("was changed: its hash is another one");
        }
        if (!node.path("previous").asString("").equals(previous)) {
            return Optional.of("does not follow the one before: lines were taken out, put in or moved");
        }
        return node.path("seq").asLong() == sequence
                ? Optional.empty()
                : Optional.of("has the number %s".formatted(node.path("seq").asLong()));
    }
}
