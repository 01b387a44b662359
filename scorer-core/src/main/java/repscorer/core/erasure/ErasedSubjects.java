package repscorer.core.erasure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;
import repscorer.core.disk.AtomicFile;
import repscorer.core.disk.Disk;
import repscorer.digest.Sha256;

/**
 * All erasures there were, on the device: the list that is asked before anything old is let in. It outlives the store that it
 * is about, for a store may be brought back from a backup. Safe for concurrent use; reads take no lock.
 */
public final class ErasedSubjects {

    /*
     * erasures/key            32 random bytes, in hexadecimal digits
     * erasures/N-RANDOM.erasure   one erasure
     *
     * A subject is written as the first 16 bytes of the SHA-256 of the key and the text of its id. Who has the list without the
     * key cannot try ids; who has both can, so the key is as secret as the data are.
     */

    public static final String KEY_FILE = "key";

    private static final String SUFFIX = ".erasure";
    private static final int KEY_BYTES = 32;
    private static final int DIGEST_BYTES = 16;
    private static final ThreadLocal<MessageDigest> SHA = ThreadLocal.withInitial(Sha256::begin);

    private final Disk disk;
    private final Optional<Path> directory;
    private final byte[] key;
    private volatile List<Erasure> erasures; // by number
    private volatile Sought all;

    private ErasedSubjects(Disk disk, Optional<Path> directory, byte[] key, List<Erasure> erasures) {
        this.disk = disk;
        this.directory = directory;
        this.key = key;
        this.erasures = List.copyOf(erasures);
        this.all = Sought.of(this, this.erasures);
    }

    /** Nobody is erased, and nobody can be. */
    public static ErasedSubjects none() {
        return new ErasedSubjects(Disk.LOCAL, Optional.empty(), new byte[0], List.of());
    }

    /**
     * Opens the list of a directory, which is made with its key where it is missing.
     *
     * @throws IOException where it cannot be read or made, or an erasure in it is damaged: nothing is served then, for somebody
     *     might come back
     */
    public static ErasedSubjects open(Disk disk, Path directory) throws IOException {
        Path keyFile = directory.resolve(KEY_FILE);
        disk.createDirectories(directory);
        List<Erasure> erasures = new ArrayList<>();
        for (Path path : disk.list(directory)) {
            if (String.valueOf(path.getFileName()).endsWith(SUFFIX)) {
                try {
                    erasures.add(Erasure.parse(disk.read(path)));
                } catch (IllegalArgumentException e) {
                    throw new IOException("%s is no erasure: %s".formatted(path, e.getMessage()), e);
                }
            }
        }
        erasures.sort(Comparator.comparingLong(Erasure::number));
        if (!disk.exists(keyFile)) {
            if (!erasures.isEmpty()) {
                throw new IOException("the key of the erasures is missing: " + keyFile);
            }
            byte[] fresh = new byte[KEY_BYTES];
            new SecureRandom().nextBytes(fresh);
            AtomicFile.write(
                    disk, keyFile, (HexFormat.of().formatHex(fresh) + "\n").getBytes(StandardCharsets.US_ASCII));
        }
        try {
            String digits = new String(disk.read(keyFile), StandardCharsets.US_ASCII).strip();
            return new ErasedSubjects(
                    disk, Optional.of(directory), HexFormat.of().parseHex(digits), erasures);
        } catch (IllegalArgumentException e) {
            throw new IOException("%s must hold %s hexadecimal digits".formatted(keyFile, 2 * KEY_BYTES), e);
        }
    }

    String digest(String text) {
        MessageDigest digest = SHA.get();
        digest.update(key);
        return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)), 0, DIGEST_BYTES);
    }

    /** Tells lists apart. */
    String identity() {
        return digest("list");
    }

    /** Of the last erasure; 0 where there is none. */
    public long last() {
        List<Erasure> known = erasures;
        return known.isEmpty() ? 0 : known.getLast().number();
    }

    /** In the order they were asked for. */
    public List<Erasure> list() {
        return erasures;
    }

    public Optional<Erasure> find(String receipt) {
        return erasures.stream().filter(each -> each.receipt().equals(receipt)).findFirst();
    }

    /** Whoever was erased. */
    public Sought all() {
        return all;
    }

    /** Those of erasures after a number. */
    public Sought since(long number) {
        return Sought.of(
                this, erasures.stream().filter(each -> each.number() > number).toList());
    }

    /** Those of one erasure. */
    public Sought of(Erasure erasure) {
        return Sought.of(this, List.of(erasure));
    }

    /** When a subject was erased last, in milliseconds; empty where it never was. */
    public OptionalLong erasedAt(String text) {
        if (all.isEmpty()) {
            return OptionalLong.empty();
        }
        String digest = digest(text);
        return erasures.stream()
                .filter(each -> each.digests().contains(digest))
                .mapToLong(each -> each.at().toEpochMilli())
                .max();
    }

    /**
     * Begins an erasure: on the device on return, and asked from then on.
     *
     * @param texts the ids, and whatever else the same subjects are written as
     * @param kinds of the entities
     */
    public synchronized Erasure add(List<String> texts, Set<String> kinds, String by, String reason, Instant at)
            throws IOException {
        byte[] random = new byte[4];
        new SecureRandom().nextBytes(random);
        long number = last() + 1;
        Erasure erasure = new Erasure(
                String.format(Locale.ROOT, "e%s-%s", number, HexFormat.of().formatHex(random)),
                number,
                at,
                by,
                reason,
                kinds,
                texts.stream().map(this::digest).distinct().toList(),
                new java.util.TreeMap<>(),
                Optional.empty(),
                Optional.empty());
        write(erasure);
        return erasure;
    }

    /** Notes what became of a place. */
    public void note(String receipt, String place, String words) throws IOException {
        change(receipt, erasure -> erasure.with(place, words));
    }

    /** Notes why an erasure goes on later. */
    public void waiting(String receipt, String why) throws IOException {
        change(receipt, erasure -> erasure.waitingFor(why));
    }

    /** Notes that nothing is left. */
    public void done(String receipt, Instant end) throws IOException {
        change(receipt, erasure -> erasure.doneAt(end));
    }

    private synchronized void change(String receipt, UnaryOperator<Erasure> change) throws IOException {
        Erasure before =
                find(receipt).orElseThrow(() -> new IllegalArgumentException("there is no such erasure: " + receipt));
        Erasure after = change.apply(before);
        if (!after.equals(before)) {
            write(after);
        }
    }

    private void write(Erasure erasure) throws IOException {
        Path path = directory
                .orElseThrow(() -> new IllegalStateException("nobody can be erased without a list of erasures"))
                .resolve(erasure.receipt() + SUFFIX);
        AtomicFile.write(disk, path, erasure.toBytes());
        List<Erasure> known = new ArrayList<>(erasures);
        known.removeIf(each -> each.number() == erasure.number());
        known.add(erasure);
        known.sort(Comparator.comparingLong(Erasure::number));
        erasures = List.copyOf(known);
        all = Sought.of(this, erasures);
    }
}
