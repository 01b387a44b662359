package repscorer.core.candidates;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import repscorer.core.entity.EntityKind;
import repscorer.core.plan.AttributePlan;
import repscorer.core.request.Entities;
import repscorer.core.request.RequestTrace;
import repscorer.core.rule.Facts;
import repscorer.core.store.SpaceVersion;

/** Reads one attribute of any entity, the value as an entity by number. For one request and one thread. */
final class AttributeReader {

    private final Entities entities;
    private final List<Lookup> lookups = new ArrayList<>();

    /** One space that may tell the value; opened when the ones before it did not. */
    private static final class Lookup {

        private final Supplier<Reader> opening;
        private @Nullable Reader reader;

        Lookup(Supplier<Reader> opening) {
            this.opening = opening;
        }

        Reader open() {
            Reader open = reader == null ? opening.get() : reader;
            reader = open;
            return open;
        }
    }

    private interface Reader {

        Reader EMPTY = new Reader() {
            @Override
            public int value(EntityKind kind, int number) {
                return Facts.NO_VALUE;
            }

            @Override
            public void changed(IntConsumer each) {}
        };

        /** The value, or {@link Facts#NO_VALUE}. */
        int value(EntityKind kind, int number);

        /** Tells the entities whose values streamed changes may have touched, some of them more than once. */
        void changed(IntConsumer each);
    }

    AttributeReader(AttributePlan.Attribute attribute, RequestTrace trace) {
        this.entities = trace.entities();
        attribute
                .spaces()
                .forEach(space -> lookups.add(new Lookup(() -> trace.spaceForRules(space)
                        .<Reader>map(version -> new Rows(version, entities))
                        .orElse(Reader.EMPTY))));
        attribute
                .inverseOf()
                .forEach(space -> lookups.add(new Lookup(() -> trace.spaceForRules(space)
                        .<Reader>map(version -> new Inverse(version, entities))
                        .orElse(Reader.EMPTY))));
    }

    /** The value of an entity, from the first space that tells one; {@link Facts#NO_VALUE} where none does. */
    int value(int number) {
        EntityKind kind = entities.kind(number);
        for (Lookup lookup : lookups) {
            int value = lookup.open().value(kind, number);
            if (value != Facts.NO_VALUE) {
                return value;
            }
        }
        return Facts.NO_VALUE;
    }

    /** Tells the entities whose values changes may have touched that were streamed in since the bases were written. O(rows). */
    void changed(IntConsumer each) {
        lookups.forEach(lookup -> lookup.open().changed(each));
    }

    private record Rows(SpaceVersion version, Entities.Rows rows, Entities.Columns columns) implements Reader {

        Rows(SpaceVersion version, Entities entities) {
            this(version, entities.rows(version), entities.columns(version));
        }

        @Override
        public int value(EntityKind kind, int number) {
            int ordinal = kind.equals(version.space().kind()) ? rows.ordinal(number) : -1;
            int column = ordinal < 0 ? -1 : version.sparse(ordinal).heaviest();
            return column < 0 ? Facts.NO_VALUE : columns.number(column);
        }

        @Override
        public void changed(IntConsumer each) {
            forChanged(version, ordinal -> each.accept(rows.number(ordinal)));
        }
    }

    private record Inverse(SpaceVersion version, Entities entities, InverseSpace inverse) implements Reader {

        Inverse(SpaceVersion version, Entities entities) {
            this(version, entities, new InverseSpace(version, entities));
        }

        @Override
        public int value(EntityKind kind, int number) {
            return inverse.row(entities.id(number));
        }

        @Override
        public void changed(IntConsumer each) {
            Entities.Columns columns = entities.columns(version);
            forChanged(version, ordinal -> {
                for (int column : version.sparse(ordinal).columns()) {
                    each.accept(columns.number(column));
                }
            });
        }
    }

    /** Tells the base's rows that changes took away and those that came. */
    private static void forChanged(SpaceVersion version, IntConsumer ordinals) {
        int base = version.changed() ? version.file().count() : 0;
        for (int ordinal = 0; ordinal < base; ordinal++) {
            if (!version.live(ordinal)) {
                ordinals.accept(ordinal);
            }
        }
        version.eachStreamed(ordinals);
    }
}
