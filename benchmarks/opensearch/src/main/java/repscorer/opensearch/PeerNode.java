package repscorer.opensearch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.opensearch.Version;
import org.opensearch.cluster.service.ClusterService;
import org.opensearch.common.logging.LogConfigurator;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.http.HttpServerTransport;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.plugins.Plugin;
import org.opensearch.plugins.PluginInfo;

/**
 * One node of OpenSearch that listens on loopback and is a cluster by itself, its plugins out of the class path. Says where it
 * listens, then serves until it is ended.
 */
final class PeerNode extends Node {

    private static final String NAME = "peer";
    private static final String SCRIPTS = "lang-painless";

    private PeerNode(Environment environment, List<PluginInfo> plugins) {
        super(environment, plugins, false);
    }

    /** @param arguments its home, which is made */
    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]).toAbsolutePath();
        PeerNode node = new PeerNode(environment(home), plugins());
        node.start();
        Runtime.getRuntime().addShutdownHook(new Thread(node::end));
        int port = node.injector()
                .getInstance(HttpServerTransport.class)
                .boundAddress()
                .publishAddress()
                .getPort();
        System.out.println("serving on http://127.0.0.1:" + port);
        new CountDownLatch(1).await();
    }

    private static Environment environment(Path home) throws IOException {
        for (String directory : List.of("config", "plugins", "modules")) {
            Files.createDirectories(home.resolve(directory));
        }
        System.setProperty("opensearch.path.home", home.toString());
        System.setProperty("opensearch.path.conf", home.resolve("config").toString());
        LogConfigurator.setNodeName(NAME);
        Settings settings = Settings.builder()
                .put("cluster.name", NAME)
                .put("node.name", NAME)
                .put("path.home", home.toString())
                .put("path.data", home.resolve("data").toString())
                .put("path.logs", home.resolve("logs").toString())
                .put("discovery.type", "single-node")
                .put("network.host", "127.0.0.1")
                .put("http.type", "netty4")
                .put("http.port", "0")
                .put("transport.type", "netty4")
                .put("transport.port", "0")
                .put("cluster.routing.allocation.disk.threshold_enabled", false)
                .build();
        return InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), home.resolve("config"), () -> NAME);
    }

    private static List<PluginInfo> plugins() {
        return List.of(
                plugin("transport-netty4", "org.opensearch.transport.Netty4ModulePlugin", List.of()),
                plugin("mapper-extras", "org.opensearch.index.mapper.MapperExtrasModulePlugin", List.of()),
                plugin(SCRIPTS, "org.opensearch.painless.PainlessModulePlugin", List.of()),
                plugin("opensearch-knn", "org.opensearch.knn.plugin.KNNPlugin", List.of(SCRIPTS)));
    }

    private static PluginInfo plugin(String name, String type, List<String> extended) {
        try {
            String found = Class.forName(type).asSubclass(Plugin.class).getName();
            return new PluginInfo(name, name, "none", Version.CURRENT, "25", found, "", extended, false);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("not on the class path: " + type, e);
        }
    }

    private void end() {
        try {
            close();
        } catch (IOException e) {
            System.err.println("the node did not end well: " + e);
        }
    }

    @Override
    protected void configureNodeAndClusterIdStateListener(ClusterService service) {
        // Its log may do without the cluster's id, and a second node in one process would be refused.
    }
}
