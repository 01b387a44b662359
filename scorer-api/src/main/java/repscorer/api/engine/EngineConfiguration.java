package repscorer.api.engine;

import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import repscorer.api.config.ServiceConfig;
import repscorer.api.config.ServiceSettings;
import repscorer.api.mapping.Requests;
import repscorer.core.Scorer;
import repscorer.core.StageListener;
import repscorer.core.embedding.EmbeddingSource;
import repscorer.core.experiment.Assigner;
import repscorer.core.store.RepresentationStore;
import repscorer.upstream.UpstreamEmbeddings;

/** The store, the experiments, the upstream and the scorer over them, each once per service. */
@Configuration(proxyBeanMethods = false)
class EngineConfiguration {

    @Bean(destroyMethod = "close")
    RepresentationStore store(StoreDirectory directory, ServiceConfig config) {
        return RepresentationStore.open(
                directory.path(), config.spaces(), config.settings().store().options());
    }

    @Bean
    Assigner assigner(ServiceConfig config) {
        return new Assigner(config.experiments());
    }

    @Bean(destroyMethod = "close")
    UpstreamLink upstream(ServiceConfig config) {
        ServiceSettings.Upstream upstream = config.settings().upstream();
        return new UpstreamLink(
                upstream.enabled() ? Optional.of(UpstreamEmbeddings.over(upstream.config())) : Optional.empty());
    }

    @Bean
    Scorer scorer(
            RepresentationStore store,
            ServiceConfig config,
            Assigner assigner,
            UpstreamLink upstream,
            StageListener listener) {
        EmbeddingSource source = upstream.source();
        ServiceSettings settings = config.settings();
        return new Scorer(
                store,
                config.plans(),
                assigner,
                source,
                settings.upstream().budget(),
                settings.searchesMaxResolved(),
                listener);
    }

    @Bean
    Requests requests(ServiceConfig config) {
        return new Requests(config.settings().limits());
    }
}
