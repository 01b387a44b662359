package repscorer.core.signal;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The declared types of signals by their names. Immutable. */
public final class SignalTypes {

    private final Map<String, SignalType> byName = new TreeMap<>();

    /** @throws IllegalArgumentException where two have one name */
    public SignalTypes(Collection<SignalType> types) {
        for (SignalType type : types) {
            if (byName.put(type.name(), type) != null) {
                throw new IllegalArgumentException("signal names must differ: '%s' twice".formatted(type.name()));
            }
        }
    }

    /** In the order of their names. */
    public List<String> names() {
        return List.copyOf(byName.keySet());
    }

    public Optional<SignalType> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    Map<String, SignalType> byName() {
        return byName;
    }

    /** @throws IllegalArgumentException for a type that is not declared, or an entity of another kind */
    void check(Signal signal) {
        SignalType type = byName.get(signal.type());
        if (type == null) {
            throw new IllegalArgumentException(
                    "no signal is called '%s'; there are %s".formatted(signal.type(), byName.keySet()));
        }
        if (!signal.entity().kind().equals(type.kind())) {
            throw new IllegalArgumentException(
                    "signal %s is about kind %s: %s".formatted(type.name(), type.kind(), signal.entity()));
        }
    }
}
