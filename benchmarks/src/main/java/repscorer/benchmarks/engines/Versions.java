package repscorer.benchmarks.engines;

import java.nio.file.Path;
import java.security.CodeSource;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which version of a library is on the class path. */
final class Versions {

    private static final Pattern JAR = Pattern.compile(".*?-(\\d[^/]*)\\.jar");

    private Versions() {}

    /** The version in the name of the jar that {@code type} comes from; {@code "of unknown version"} without one. */
    static String of(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        if (source == null) {
            return "of unknown version";
        }
        Matcher jar = JAR.matcher(
                String.valueOf(Path.of(source.getLocation().getPath()).getFileName()));
        return jar.matches() ? jar.group(1) : "of unknown version";
    }
}
