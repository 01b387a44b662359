package repscorer.api.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import repscorer.api.config.ConfigFiles;
import repscorer.api.config.ServiceConfig;
import repscorer.api.config.ServiceSettings;
import repscorer.api.config.SignalSettings;
import repscorer.api.mapping.Requests;
import repscorer.core.Scorer;
import repscorer.core.disk.Disk;
import repscorer.core.disk.StorageFailures;
import repscorer.core.embedding.EmbeddingSource;
import repscorer.core.erasure.ErasedSubjects;
import repscorer.core.erasure.Sought;
import repscorer.core.experiment.FlagSource;
import repscorer.core.recall.LiveRecall;
import repscorer.core.request.ComputePermits;
import repscorer.core.request.StageListener;
import repscorer.core.shadow.IdleWork;
import repscorer.core.shadow.ShadowListener;
import repscorer.core.shadow.Shadows;
import repscorer.core.signal.SignalLimits;
import repscorer.core.signal.SignalStore;
import repscorer.core.signal.SignalTypes;
import repscorer.core.store.RepresentationStore;
import repscorer.upstream.UpstreamEmbeddings;
import repscorer.upstream.UpstreamSignals;

/** The store, the upstream, the signals, each once per service, and the configuration that requests are answered by. */
@Configuration(proxyBeanMethods = false)
class EngineConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(EngineConfiguration.class);

    /** Beside the store and not in it, for a store may be brought back from a backup. */
    @Bean
    ErasedSubjects erasedSubjects(StoreDirectory directory) {
        Path place = directory.data().resolve("erasures");
        try {
            return ErasedSubjects.open(Disk.LOCAL, place);
        } catch (IOException e) {
            throw StorageFailures.of(Disk.LOCAL, directory.data(), "the list of erasures cannot be read or made", e);
        }
    }

    @Bean(destroyMethod = "close")
    RepresentationStore store(StoreDirectory directory, ServiceConfig config, ErasedSubjects erased) {
        return RepresentationStore.open(
                directory.path(), config.spaces(), config.settings().store().options(), Disk.LOCAL, erased);
    }

    @Bean
    ComputePermits permits(ServiceConfig config) {
        ServiceSettings settings = config.settings();
        return new ComputePermits(
                settings.searchesMaxResolved(), settings.traffic().waits());
    }

    @Bean(destroyMethod = "close")
    UpstreamLink upstream(ServiceConfig config, ComputePermits permits, ErasedSubjects erased) {
        ServiceSettings.Upstream upstream = config.settings().upstream();
        return new UpstreamLink(
                upstream.enabled() ? Optional.of(UpstreamEmbeddings.over(upstream.config())) : Optional.empty(),
                permits,
                erased);
    }

    /** After the store, which holds the directory for this process alone. */
    @Bean(destroyMethod = "close")
    @DependsOn("store")
    SignalStore signals(
            StoreDirectory directory, ServiceConfig config, RepresentationStore store, ErasedSubjects erased) {
        SignalSettings signals = config.signals();
        SignalStore opened = SignalStore.open(
                Disk.LOCAL,
                directory.path().resolve("signals"),
                directory.path().resolveSibling("signals.tsv"),
                signals.types(),
                SignalLimits.ofUsers(signals.usersMax()),
                InstantSource.system());
        opened.asking(erased);
        Sought pending = store.erasure().mark().pending();
        if (!pending.isEmpty()) {
            opened.hide(pending); // before anybody reads them
        }
        return opened;
    }

    @Bean(destroyMethod = "close")
    SignalLink signalLink(SignalStore store, ServiceConfig config, ComputePermits permits, ErasedSubjects erased) {
        SignalSettings signals = config.signals();
        return new SignalLink(
                store,
                signals.upstream()
                        .map(base -> new UpstreamSignals(
                                base,
                                signals.upstreamToken(),
                                signals.upstreamKept(),
                                config.settings().upstream().http())),
                permits,
                erased);
    }

    /** After the store, so that it ends before what it reads is closed. */
    @Bean(destroyMethod = "close")
    @DependsOn("store")
    IdleWork idleWork(ComputePermits permits) {
        return new IdleWork(permits);
    }

    @Bean(destroyMethod = "close")
    LiveRecall liveRecall(ServiceConfig config) {
        return new LiveRecall(
                config.settings().liveRecall(),
                alarm -> LOG.warn(
                        "searches of {} in release {} find too little: {} (of {} searches under filters that leave {})",
                        alarm.space(),
                        alarm.release(),
                        alarm.alarm().orElse(""),
                        alarm.samples(),
                        alarm.band()));
    }

    @Bean
    LiveConfig live(
            RepresentationStore store,
            ServiceConfig config,
            ConfigFiles files,
            UpstreamLink upstream,
            SignalStore signalStore,
            SignalLink signals,
            ComputePermits permits,
            StageListener listener,
            IdleWork idle,
            ShadowListener shadowListener,
            FlagSource flags,
            LiveRecall recall) {
        EmbeddingSource source = upstream.source();
        return new LiveConfig(
                config,
                files,
                (each, assigner) -> new Scorer(
                        store,
                        each.plans(),
                        assigner,
                        source,
                        each.settings().upstream().budget(),
                        permits,
                        listener,
                        signals.by(new SignalTypes(each.signals().types())),
                        each.signals().engagement(),
                        InstantSource.system(),
                        each.switches(),
                        recall),
                (each, scorer) -> new Shadows(each.shadows(), scorer::aside, idle, shadowListener),
                signalStore,
                flags,
                InstantSource.system());
    }

    @Bean
    Requests requests(ServiceConfig config) {
        return new Requests(config.settings().limits());
    }
}
