package repscorer.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;
import repscorer.api.audit.AuditLog;
import repscorer.api.security.AccessKey;
import repscorer.api.security.AccessKeys;
import repscorer.api.security.Role;
import repscorer.cli.console.UserError;
import repscorer.yaml.Records;

/** {@code repscorer key}: the keys that callers show. A running service takes changes up within a second. */
@Command(
        name = "key",
        description = "Makes, lists, rotates and removes the keys that callers show.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: repscorer key add mixer --role read,read-vectors --expires-in 90d"},
        synopsisSubcommandLabel = "COMMAND")
final class KeyCommand {

    private interface Change<A> {

        A of(AccessKeys keys) throws IOException;
    }

    /** Where the keys are. */
    static final class Keys {

        @Option(
                names = "--data",
                paramLabel = "DIR",
                description = "The service's data directory (default: the project's data/).")
        private @Nullable Path data;

        AccessKeys open() throws IOException {
            return AccessKeys.open(Home.orOwn(data, "data"));
        }

        /** @param what is noted in the audit log; no key itself */
        <A> A change(String what, Change<A> change) throws IOException {
            A changed;
            try {
                changed = change.of(open());
            } catch (IllegalArgumentException e) {
                throw new UserError(String.valueOf(e.getMessage()));
            }
            AuditLog.of(Home.orOwn(data, "data"))
                    .append(
                            System.getProperty("user.name", "somebody"),
                            "the command line",
                            what,
                            0,
                            Map.of(),
                            Map.of());
            return changed;
        }
    }

    static final class DurationConverter implements ITypeConverter<Duration> {

        @Override
        public Duration convert(String text) {
            try {
                return Records.duration(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }

    private static Optional<Instant> end(@Nullable Duration expiresIn) {
        return Optional.ofNullable(expiresIn).map(Instant.now()::plus);
    }

    private static void show(String key) {
        System.out.println("key, shown this once: " + key);
    }

    @Command(name = "add", description = "Makes a key and prints it, this once.", mixinStandardHelpOptions = true)
    int add(
            @Parameters(paramLabel = "NAME", description = "Whose it is.") String name,
            @Option(
                            names = "--role",
                            required = true,
                            split = ",",
                            paramLabel = "ROLE",
                            description =
                                    "read, read-vectors, read-signals, write, publish, experiment or admin; several with commas.")
                    List<String> roles,
            @Option(
                            names = "--expires-in",
                            paramLabel = "TIME",
                            converter = DurationConverter.class,
                            description = "Such as 90d; without, it does not expire.")
                    @Nullable
                    Duration expiresIn,
            @Option(
                            names = "--tenant",
                            paramLabel = "TENANT",
                            description =
                                    "Which part of the service it reaches, as tenants.yaml says; without, all of it.")
                    @Nullable
                    String tenant,
            @Mixin Keys keys)
            throws IOException {
        show(keys.change(
                "key add %s with %s%s".formatted(name, roles, tenant == null ? "" : " of tenant " + tenant),
                of -> of.add(name, AccessKeys.roles(roles), end(expiresIn), Optional.ofNullable(tenant))));
        return 0;
    }

    @Command(
            name = "rotate",
            description = "Makes another key with the same roles and tenant and prints it; the older ones expire.",
            mixinStandardHelpOptions = true)
    int rotate(
            @Parameters(paramLabel = "NAME", description = "Whose it is.") String name,
            @Option(
                            names = "--overlap",
                            paramLabel = "TIME",
                            defaultValue = "1d",
                            converter = DurationConverter.class,
                            description = "How long the older ones still do (default ${DEFAULT-VALUE}).")
                    Duration overlap,
            @Option(
                            names = "--expires-in",
                            paramLabel = "TIME",
                            converter = DurationConverter.class,
                            description = "Of the new one; without, it does not expire.")
                    @Nullable
                    Duration expiresIn,
            @Mixin Keys keys)
            throws IOException {
        show(keys.change(
                "key rotate " + name, of -> of.rotate(name, Instant.now().plus(overlap), end(expiresIn))));
        return 0;
    }

    @Command(
            name = "list",
            description = "Tells whose keys there are, their roles and ends.",
            mixinStandardHelpOptions = true)
    int list(@Mixin Keys keys) throws IOException {
        for (AccessKey key : keys.open().all()) {
            System.out.printf(
                    "%s  %s  %s%s%n",
                    key.name(),
                    key.roles().stream().sorted().map(Role::toString).collect(Collectors.joining(",")),
                    key.expires()
                            .map(end -> (key.isExpired(Instant.now()) ? "expired " : "until ") + end)
                            .orElse("no end"),
                    key.tenant().map(tenant -> "  tenant " + tenant).orElse(""));
        }
        return 0;
    }

    @Command(name = "remove", description = "Takes all keys of a name away.", mixinStandardHelpOptions = true)
    int remove(@Parameters(paramLabel = "NAME", description = "Whose they are.") String name, @Mixin Keys keys)
            throws IOException {
        System.out.printf("removed %s%n", keys.<Integer>change("key remove " + name, of -> of.remove(name)));
        return 0;
    }
}
