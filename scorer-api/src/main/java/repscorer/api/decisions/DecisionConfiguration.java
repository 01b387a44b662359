package repscorer.api.decisions;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import repscorer.api.config.DecisionSettings;
import repscorer.api.config.ServiceConfig;
import repscorer.api.engine.StoreDirectory;
import repscorer.yaml.ConfigException;

/** Opens what decisions are kept in, where the settings name a place. */
@Configuration(proxyBeanMethods = false)
class DecisionConfiguration {

    /** What is open, or nothing. */
    static final class Holder implements AutoCloseable {

        private final @Nullable DecisionKeeping keeping;

        Holder(@Nullable DecisionKeeping keeping) {
            this.keeping = keeping;
        }

        Optional<DecisionKeeping> keeping() {
            return Optional.ofNullable(keeping);
        }

        @Override
        public void close() throws IOException {
            if (keeping != null) {
                keeping.close();
            }
        }
    }

    @Bean(destroyMethod = "close")
    Holder decisionKeeping(ServiceConfig config, StoreDirectory store) {
        DecisionSettings settings = config.settings().decisions();
        if (!settings.enabled()) {
            return new Holder(null);
        }
        Path data = store.data();
        try {
            return new Holder(DecisionKeeping.open(settings, data, List.of()));
        } catch (IOException e) {
            throw new ConfigException("decisions.log: '%s' cannot be used: %s".formatted(settings.log(), e), e);
        }
    }
}
