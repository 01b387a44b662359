package repscorer.benchmarks.engines;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What engines there are, by name. */
public final class Engines {

    private static final List<String> IN_JAVA = list(JavaEngines.names());
    private static final List<String> NATIVE = list(NativePeers.names());

    private Engines() {}

    /** All of them: those in Java, ours first, then those that need a driver in C++. */
    public static List<String> names() {
        List<String> names = new ArrayList<>(IN_JAVA);
        names.addAll(NATIVE);
        return names;
    }

    /** Those that are always there. */
    public static List<String> inJava() {
        return IN_JAVA;
    }

    /**
     * Starts an engine's process. One in Java gets this JVM's own options and class path.
     *
     * @throws EngineUnavailableException when its driver cannot be built
     * @throws IllegalArgumentException when there is no such engine
     * @throws IOException when the process does not start
     */
    public static MeasuredEngine start(String name) throws IOException, InterruptedException {
        return MeasuredEngine.start(name, NativePeers.has(name) ? NativePeers.command(name) : javaCommand(name));
    }

    private static List<String> javaCommand(String name) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (!option.startsWith("-agentlib") && !option.startsWith("-javaagent")) {
                command.add(option);
            }
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), EngineServer.class.getName(), name));
        return command;
    }

    private static List<String> list(Iterable<String> names) {
        List<String> list = new ArrayList<>();
        names.forEach(list::add);
        return List.copyOf(list);
    }
}
