package repscorer.api.config;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.util.unit.DataSize;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/** Durations and sizes as configuration files write them: a whole number and a unit, {@code 250ms} or {@code 2MiB}. */
final class Units {

    private static final Pattern QUANTITY = Pattern.compile("(\\d{1,15})\\s*([A-Za-z]{1,3})");

    private Units() {}

    /** Reads {@code ms}, {@code s}, {@code m} and {@code h}. */
    static Duration duration(String text) {
        Matcher matcher = QUANTITY.matcher(text.strip());
        if (matcher.matches()) {
            long amount = Long.parseLong(matcher.group(1));
            switch (matcher.group(2)) {
                case "ms":
                    return Duration.ofMillis(amount);
                case "s":
                    return Duration.ofSeconds(amount);
                case "m":
                    return Duration.ofMinutes(amount);
                case "h":
                    return Duration.ofHours(amount);
                default:
                    break;
            }
        }
        throw new IllegalArgumentException(
                "a duration is a whole number with ms, s, m or h, such as 250ms: '%s'".formatted(text));
    }

    /** Reads {@code B}, {@code KiB}, {@code MiB} and {@code GiB}. */
    static DataSize size(String text) {
        Matcher matcher = QUANTITY.matcher(text.strip());
        if (matcher.matches()) {
            long amount = Long.parseLong(matcher.group(1));
            int shift = switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
                case "b" -> 0;
                case "kib" -> 10;
                case "mib" -> 20;
                case "gib" -> 30;
                default -> -1;
            };
            if (shift >= 0 && amount <= Long.MAX_VALUE >> shift) {
                return DataSize.ofBytes(amount << shift);
            }
        }
        throw new IllegalArgumentException(
                "a size is a whole number with B, KiB, MiB or GiB, such as 2MiB: '%s'".formatted(text));
    }

    /** Binds both to records, in either direction. */
    static SimpleModule module() {
        SimpleModule module = new SimpleModule("units");
        module.addDeserializer(Duration.class, new StdDeserializer<>(Duration.class) {
            @Override
            public Duration deserialize(JsonParser parser, DeserializationContext context) {
                return duration(parser.getValueAsString(""));
            }
        });
        module.addDeserializer(DataSize.class, new StdDeserializer<>(DataSize.class) {
            @Override
            public DataSize deserialize(JsonParser parser, DeserializationContext context) {
                return size(parser.getValueAsString(""));
            }
        });
        module.addSerializer(Duration.class, new StdSerializer<>(Duration.class) {
            @Override
            public void serialize(Duration value, JsonGenerator generator, SerializationContext context) {
                generator.writeString(value.toMillis() + "ms");
            }
        });
        module.addSerializer(DataSize.class, new StdSerializer<>(DataSize.class) {
            @Override
            public void serialize(DataSize value, JsonGenerator generator, SerializationContext context) {
                generator.writeString(value.toBytes() + "B");
            }
        });
        return module;
    }
}
