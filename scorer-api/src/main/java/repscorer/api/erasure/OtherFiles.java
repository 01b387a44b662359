package repscorer.api.erasure;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import repscorer.core.erasure.Sought;
import repscorer.core.store.StoreErasure.Looked;

/** The text that a data directory holds beside its store: the audit log, what the API said, plans. */
record OtherFiles(Path data) {

    private static final Pattern BETWEEN = Pattern.compile("[\\s,;'\"()\\[\\]{}=\\\\]+");
    private static final long BYTES_MAX = 1L << 28;

    /** Counts the words that are somebody's id. */
    Looked look(Sought sought) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(data)) {
            files = all.filter(Files::isRegularFile).filter(this::isOther).toList();
        }
        long found = 0;
        for (Path file : files) {
            found += words(file, sought);
        }
        return new Looked("audit log and other text", files.size(), found);
    }

    private boolean isOther(Path file) {
        Path place = data.relativize(file);
        return !place.startsWith("store")
                && !place.startsWith("erasures")
                && !String.valueOf(place.getFileName()).endsWith(".zst");
    }

    private static long words(Path file, Sought sought) throws IOException {
        long found = 0;
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw new IOException("a file is too large to be looked through: " + file.getFileName());
            }
            try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    String text = new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
                    found += BETWEEN.splitAsStream(text).filter(sought::has).count();
                }
            }
        } catch (NoSuchFileException e) {
            return 0; // it went meanwhile
        }
        return found;
    }
}
