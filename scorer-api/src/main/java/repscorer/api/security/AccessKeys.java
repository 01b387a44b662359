package repscorer.api.security;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import repscorer.core.disk.AtomicFile;
import repscorer.core.disk.Disk;

/**
 * The keys of a data directory: a file with a line for each, which a running service reads again within a second of a change. A
 * key itself is on no disk. Safe for concurrent use; one process at a time changes the file.
 */
public final class AccessKeys {

    /* A line is the name, the hash, the roles with commas between, the time it expires or a dash, and its tenant if it has one. */

    static final String FILE = "access-keys";

    /** Begins every key, so that one which strays into a text is found. */
    private static final String PREFIX = "rsk_";

    private static final String TENANT = "tenant=";

    private static final long LOOKS_NANOS_APART = Duration.ofMillis(500).toNanos();

    private static final Logger LOG = LoggerFactory.getLogger(AccessKeys.class);

    private final Path file;
    private final InstantSource clock;
    private volatile State state;
    private volatile long lookedAt = System.nanoTime();

    /** What was read, and of which state of the file. */
    private record State(
            List<AccessKey> keys, Map<String, AccessKey> bySha256, Optional<FileTime> modified, long size) {

        static State of(List<AccessKey> keys, Optional<FileTime> modified, long size) {
            Map<String, AccessKey> bySha256 = new HashMap<>();
            keys.forEach(key -> bySha256.put(key.sha256(), key));
            return new State(List.copyOf(keys), Map.copyOf(bySha256), modified, size);
        }
    }

    private AccessKeys(Path file, InstantSource clock) throws IOException {
        this.file = file;
        this.clock = clock;
        this.state = read();
    }

    /**
     * @param directory of the service's data; one without the file has no keys
     * @throws IOException when the file cannot be read
     * @throws IllegalArgumentException for a line that is no key, by its number
     */
    public static AccessKeys open(Path directory) throws IOException {
        return open(directory, InstantSource.system());
    }

    static AccessKeys open(Path directory, InstantSource clock) throws IOException {
        return new AccessKeys(directory.resolve(FILE), clock);
    }

    private State read() throws IOException {
        try {
            FileTime modified = Files.getLastModifiedTime(file);
            List<String> lines = Files.readAllLines(file);
            List<AccessKey> keys = new ArrayList<>();
            for (int i = 0; i < lines.size(); i++) {
                if (!lines.get(i).isBlank()) {
                    keys.add(parse(lines.get(i), i + 1));
                }
            }
            return State.of(keys, Optional.of(modified), Files.size(file));
        } catch (NoSuchFileException e) {
            return State.of(List.of(), Optional.empty(), 0);
        }
    }

    private AccessKey parse(String line, int number) {
        String[] words = line.strip().split("\\s+");
        try {
            if (words.length != 4 && (words.length != 5 || !words[4].startsWith(TENANT))) {
                throw new IllegalArgumentException(
                        "a line is a name, a hash, roles, an end, and tenant=NAME or nothing");
            }
            return new AccessKey(
                    words[0],
                    words[1],
                    roles(List.of(words[2].split(","))),
                    words[3].equals("-") ? Optional.empty() : Optional.of(Instant.parse(words[3])),
                    words.length == 4 ? Optional.empty() : Optional.of(words[4].substring(TENANT.length())));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IllegalArgumentException("%s, line %s: %s".formatted(file, number, e.getMessage()), e);
        }
    }

    /**
     * Roles by their names.
     *
     * @throws IllegalArgumentException naming those there are
     */
    public static Set<Role> roles(List<String> names) {
        Set<Role> roles = new TreeSet<>();
        for (String name : names) {
            roles.add(Arrays.stream(Role.values())
                    .filter(role -> role.toString().equals(name.strip()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no role is called '%s'; there are %s"
                            .formatted(name.strip(), Arrays.toString(Role.values())))));
        }
        return roles;
    }

    /** All keys, those that have expired among them. */
    public List<AccessKey> all() {
        return state.keys();
    }

    /** Whether some key lets somebody in now. */
    public boolean any() {
        return current().keys().stream().anyMatch(key -> !key.isExpired(clock.instant()));
    }

    /** The key of a text that a caller shows, expired or not. What is looked up is a hash, whose times tell nothing of keys. */
    Optional<AccessKey> find(String shown) {
        return Optional.ofNullable(current().bySha256().get(HexFormat.of().formatHex(Secrets.sha256(shown))));
    }

    Instant now() {
        return clock.instant();
    }

    /* What cannot be read leaves the keys as they were: a file half written by hand locks nobody out. */
    private State current() {
        long now = System.nanoTime();
        if (now - lookedAt >= LOOKS_NANOS_APART) {
            lookedAt = now;
            try {
                boolean there = Files.exists(file);
                Optional<FileTime> modified = there ? Optional.of(Files.getLastModifiedTime(file)) : Optional.empty();
                State known = state;
                if (!modified.equals(known.modified()) || (there && Files.size(file) != known.size())) {
                    state = read();
                    LOG.info("the access keys changed: {}", names(state.keys()));
                }
            } catch (IOException | IllegalArgumentException e) {
                LOG.warn("the access keys stay as they were: {}", e.getMessage());
            }
        }
        return state;
    }

    private static String names(List<AccessKey> keys) {
        return keys.stream().map(AccessKey::name).distinct().collect(Collectors.joining(", ", "[", "]"));
    }

    /** Makes a key, keeps its hash, and answers the key itself, which nobody can ask for again. */
    public String add(String name, Set<Role> roles, Optional<Instant> expires) throws IOException {
        return add(name, roles, expires, Optional.empty());
    }

    /** The same for a key that reaches the part of a tenant alone. */
    public String add(String name, Set<Role> roles, Optional<Instant> expires, Optional<String> tenant)
            throws IOException {
        String key = PREFIX + Secrets.randomText();
        AccessKey known = new AccessKey(name, HexFormat.of().formatHex(Secrets.sha256(key)), roles, expires, tenant);
        change(keys -> {
            keys.add(known);
            return keys;
        });
        return key;
    }

    /**
     * Makes another key with the roles and the tenant of the newest of a name; the older ones expire.
     *
     * @param until when the older ones do, at the latest
     * @throws IllegalArgumentException where none has the name
     */
    public String rotate(String name, Instant until, Optional<Instant> expires) throws IOException {
        AccessKey newest = state.keys().stream()
                .filter(key -> key.name().equals(name))
                .reduce((older, newer) -> newer)
                .orElseThrow(() -> unknown(name));
        change(keys -> {
            keys.replaceAll(key -> key.name().equals(name) ? key.expiring(until) : key);
            return keys;
        });
        return add(name, newest.roles(), expires, newest.tenant());
    }

    /**
     * Takes all keys of a name away.
     *
     * @return how many
     * @throws IllegalArgumentException where there is none
     */
    public int remove(String name) throws IOException {
        int before = state.keys().size();
        change(keys -> {
            keys.removeIf(key -> key.name().equals(name));
            return keys;
        });
        if (state.keys().size() == before) {
            throw unknown(name);
        }
        return before - state.keys().size();
    }

    private IllegalArgumentException unknown(String name) {
        return new IllegalArgumentException("no key is called '%s'; there are %s".formatted(name, names(state.keys())));
    }

    private void change(UnaryOperator<List<AccessKey>> change) throws IOException {
        List<AccessKey> keys = change.apply(new ArrayList<>(read().keys()));
        String lines = keys.stream().map(AccessKeys::line).collect(Collectors.joining());
        Files.createDirectories(file.toAbsolutePath().getParent());
        AtomicFile.write(Disk.LOCAL, file.toAbsolutePath(), lines.getBytes(StandardCharsets.UTF_8));
        Secrets.hide(file);
        state = read();
    }

    private static String line(AccessKey key) {
        return "%s %s %s %s%s\n"
                .formatted(
                        key.name(),
                        key.sha256(),
                        key.roles().stream().sorted().map(Role::toString).collect(Collectors.joining(",")),
                        key.expires().map(Instant::toString).orElse("-"),
                        key.tenant().map(tenant -> " " + TENANT + tenant).orElse(""));
    }
}
