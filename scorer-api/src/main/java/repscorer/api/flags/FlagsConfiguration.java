package repscorer.api.flags;

import dev.openfeature.sdk.FeatureProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import repscorer.api.config.ServiceConfig;
import repscorer.api.config.ServiceSettings;
import repscorer.core.experiment.FlagSource;
import repscorer.core.request.ComputePermits;
import repscorer.yaml.ConfigException;

/** The flag system, where one is configured. */
@Configuration(proxyBeanMethods = false)
class FlagsConfiguration {

    @Bean
    FlagSource flags(ServiceConfig config, ComputePermits permits) {
        ServiceSettings.OpenFeature settings = config.settings().openfeature();
        return settings.provider().isEmpty()
                ? FlagSource.NONE
                : new OpenFeatureFlags(provider(settings.provider()), settings.timeout(), permits);
    }

    private static FeatureProvider provider(String name) {
        try {
            return Class.forName(name)
                    .asSubclass(FeatureProvider.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | LinkageError | ClassCastException e) {
            throw new ConfigException(
                    "openfeature.provider must name a class on the class path that is a FeatureProvider and needs no arguments: '%s' (%s)"
                            .formatted(name, e),
                    e);
        }
    }
}
