package repscorer.api;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.jdk.NumberDeserializers;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.LogicalType;

/** Takes {@code 2.0} for a whole number, as JSON Schema does: {@code 2.5} stays refused. */
final class WholeNumbers extends SimpleModule {

    private static final long serialVersionUID = 1L;

    /** Up to here a double tells one whole number from the next. */
    private static final double EXACT_MAX = 1L << 53;

    WholeNumbers() {
        super("whole-numbers");
        add(Integer.class);
        add(int.class);
        add(Long.class);
        add(long.class);
    }

    @SuppressWarnings("unchecked")
    private <T> void add(Class<T> type) {
        addDeserializer(type, new WholeNumber<>(type, (ValueDeserializer<T>) NumberDeserializers.find(type)));
    }

    private static final class WholeNumber<T> extends StdScalarDeserializer<T> {

        private static final long serialVersionUID = 1L;

        private final ValueDeserializer<T> usual;

        WholeNumber(Class<T> type, ValueDeserializer<T> usual) {
            super(type);
            this.usual = usual;
        }

        @Override
        @SuppressWarnings("unchecked")
        public T deserialize(JsonParser parser, DeserializationContext context) {
            if (parser.currentToken() == JsonToken.VALUE_NUMBER_FLOAT) {
                double value = parser.getDoubleValue();
                if (value == Math.rint(value) && Math.abs(value) < EXACT_MAX) {
                    boolean isLong = handledType() == Long.class || handledType() == long.class;
                    if (isLong || value == (int) value) {
                        return (T) (isLong ? (Number) (long) value : (Number) (int) value);
                    }
                }
            }
            return usual.deserialize(parser, context);
        }

        @Override
        public Object getNullValue(DeserializationContext context) {
            return usual.getNullValue(context);
        }

        @Override
        public LogicalType logicalType() {
            return LogicalType.Integer;
        }
    }
}
