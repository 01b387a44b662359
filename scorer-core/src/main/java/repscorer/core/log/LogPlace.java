package repscorer.core.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import repscorer.core.disk.Disk;

/**
 * Where a log's segments are, {@code NAME.N.log} in one directory.
 *
 * @param root what findings name files in
 * @param owner whose log of this name it is: a segment of another one's is none of this
 * @param name lower-case letters, digits and hyphens
 */
public record LogPlace(Path root, Path directory, String owner, String name) {

    public static final String SUFFIX = ".log";

    private static final Pattern SEGMENT = Pattern.compile("([a-z][a-z0-9-]*)\\.(\\d{8})\\.log");

    Path segment(int number) {
        return directory.resolve(String.format(Locale.ROOT, "%s.%08d%s", name, number, SUFFIX));
    }

    int identity(int number) {
        return LogFormat.identity(owner, name, number);
    }

    /** The segments that are there, by number. */
    public TreeMap<Integer, Path> segments(Disk disk) throws IOException {
        TreeMap<Integer, Path> paths = new TreeMap<>();
        for (Path path : disk.list(directory)) {
            number(path).ifPresent(number -> paths.put(number, path));
        }
        return paths;
    }

    private OptionalInt number(Path path) {
        Matcher matcher = SEGMENT.matcher(String.valueOf(path.getFileName()));
        return matcher.matches() && matcher.group(1).equals(name)
                ? OptionalInt.of(Integer.parseInt(matcher.group(2)))
                : OptionalInt.empty();
    }
}
