package repscorer.benchmarks.engines;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The peers in C++: each a driver that {@code benchmarks/native/build.sh} compiles when it is asked for. */
final class NativePeers {

    /** What to build for an engine, and what its driver is told. */
    private record Peer(String driver, List<String> arguments) {}

    private static final Map<String, Peer> PEERS = new TreeMap<>(Map.of(
            "hnswlib-cpp", new Peer("hnswlib-cpp", List.of()),
            "faiss", new Peer("faiss", List.of()),
            "faiss/sq8", new Peer("faiss", List.of("sq8")),
            "symphonyqg", new Peer("symphonyqg", List.of())));

    private NativePeers() {}

    static Iterable<String> names() {
        return PEERS.keySet();
    }

    static boolean has(String name) {
        return PEERS.containsKey(name);
    }

    /**
     * The command that runs an engine's driver, built anew where it is older than its sources.
     *
     * @throws EngineUnavailableException when it cannot be built; the message says what is missing, in one line
     */
    static List<String> command(String name) throws IOException, InterruptedException {
        return command(name, Path.of(System.getProperty("repscorer.root", ""), "benchmarks", "native", "build.sh"));
    }

    static List<String> command(String name, Path script) throws IOException, InterruptedException {
        Peer peer = PEERS.get(name);
        if (peer == null) {
            throw new IllegalArgumentException("no engine " + name + " in C++; there are " + PEERS.keySet());
        }
        if (!Files.isExecutable(script)) {
            throw new EngineUnavailableException(
                    name + " cannot be measured: no " + script + "; run bin/repscorer from a checkout");
        }
        Process build = new ProcessBuilder(script.toString(), peer.driver())
                .redirectErrorStream(true)
                .start();
        String said = new String(build.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String last = said.lines().reduce("", (before, line) -> line);
        if (build.waitFor() != 0) {
            throw new EngineUnavailableException(last);
        }
        List<String> command = new ArrayList<>(List.of(last));
        command.addAll(peer.arguments());
        return command;
    }
}
