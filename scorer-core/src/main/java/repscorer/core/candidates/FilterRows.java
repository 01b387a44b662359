package repscorer.core.candidates;

import java.time.Duration;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import repscorer.core.entity.EntityId;
import repscorer.core.plan.AttributePlan;
import repscorer.core.query.Filter;
import repscorer.core.request.Entities;
import repscorer.core.request.EntitySet;
import repscorer.core.request.RequestTrace;
import repscorer.core.store.SpaceVersion;
import repscorer.vector.SparseVector;

/**
 * A request's filter as rows of the spaces that are searched, and for single entities. Conditions become bitmaps that are joined, so
 * that a search knows how many rows there are before it starts. For one request and one thread.
 */
final class FilterRows {

    private final RequestTrace trace;
    private final Entities entities;
    private final AttributePlan attributes;
    private final Ages ages;
    private final long nowMillis;
    private final Node root;

    /** A condition, ready to be asked. */
    private interface Node {

        /** The rows that meet it, for the caller to change. Of ordinals that are not live it may say anything. */
        BitSet rows(SpaceVersion version);

        boolean accepts(int number);
    }

    FilterRows(Filter filter, RequestTrace trace, AttributePlan attributes, Ages ages, long nowMillis) {
        this.trace = trace;
        this.entities = trace.entities();
        this.attributes = attributes;
        this.ages = ages;
        this.nowMillis = nowMillis;
        this.root = node(filter);
    }

    /** The rows of a space that meet the filter. O(conditions · rows / 64), and O(rows) for attributes and ages. */
    BitSet rows(SpaceVersion version) {
        return root.rows(version);
    }

    boolean accepts(int number) {
        return root.accepts(number);
    }

    private Node node(Filter filter) {
        return switch (filter) {
            case Filter.All all -> new Joined(all.of().stream().map(this::node).toList(), true);
            case Filter.Any any -> new Joined(any.of().stream().map(this::node).toList(), false);
            case Filter.Not not -> new Negated(node(not.of()));
            case Filter.Kinds kinds -> new OfKind(kinds);
            case Filter.Ids ids -> new Named(EntitySet.of(ids.ids(), entities));
            case Filter.Listed listed -> new Named(listed(listed));
            case Filter.Attribute attribute -> attribute(attribute);
            case Filter.Age age -> new Aged(age);
            case Filter.Weight weight -> weighted(weight);
        };
    }

    /** All or any of several. */
    private record Joined(List<Node> nodes, boolean all) implements Node {

        @Override
        public BitSet rows(SpaceVersion version) {
            BitSet joined = new BitSet();
            joined.set(0, all ? version.ordinalsEnd() : 0);
            for (Node node : nodes) {
                if (all) {
                    joined.and(node.rows(version));
                } else {
                    joined.or(node.rows(version));
                }
            }
            return joined;
        }

        @Override
        public boolean accepts(int number) {
            return all
                    ? nodes.stream().allMatch(node -> node.accepts(number))
                    : nodes.stream().anyMatch(node -> node.accepts(number));
        }
    }

    private record Negated(Node node) implements Node {

        @Override
        public BitSet rows(SpaceVersion version) {
            BitSet rows = node.rows(version);
            rows.flip(0, version.ordinalsEnd());
            return rows;
        }

        @Override
        public boolean accepts(int number) {
            return !node.accepts(number);
        }
    }

    private final class OfKind implements Node {

        private final Filter.Kinds wanted;

        OfKind(Filter.Kinds wanted) {
            this.wanted = wanted;
        }

        @Override
        public BitSet rows(SpaceVersion version) {
            BitSet rows = new BitSet();
            rows.set(0, wanted.kinds().contains(version.space().kind()) ? version.ordinalsEnd() : 0);
            return rows;
        }

        @Override
        public boolean accepts(int number) {
            return wanted.kinds().contains(entities.kind(number));
        }
    }

    /** The entities of a row of a space; none where the release lacks either. */
    private EntitySet listed(Filter.Listed listed) {
        EntitySet set = new EntitySet(entities);
        trace.spaceForRules(listed.space())
                .ifPresent(version -> Histories.row(version, entities, listed.of(), set::add));
        return set;
    }

    /** The rows of some entities. */
    private BitSet rows(EntitySet set, SpaceVersion version) {
        BitSet rows = new BitSet();
        Entities.Rows places = entities.rows(version);
        for (int place = 0; place < set.size(); place++) {
            int ordinal = places.ordinal(set.number(place));
            if (ordinal >= 0) {
                rows.set(ordinal);
            }
        }
        return rows;
    }

    /** Is one of some. */
    private final class Named implements Node {

        private final EntitySet named;

        Named(EntitySet named) {
            this.named = named;
        }

        @Override
        public BitSet rows(SpaceVersion version) {
            return FilterRows.this.rows(named, version);
        }

        @Override
        public boolean accepts(int number) {
            return named.contains(number);
        }
    }

    private Node attribute(Filter.Attribute wanted) {
        AttributePlan.Attribute read = attributes.attributes().get(wanted.name());
        if (read == null) {
            throw new IllegalStateException("not checked: " + wanted.name());
        }
        return new HasValue(read, wanted.values());
    }

    /** Has one of an attribute's values. */
    private final class HasValue implements Node {

        private final AttributePlan.Attribute attribute;
        private final AttributeReader reader;
        private final List<EntityId> values;
        private final Set<Integer> numbers = new HashSet<>();

        HasValue(AttributePlan.Attribute attribute, List<EntityId> values) {
            this.attribute = attribute;
            this.reader = new AttributeReader(attribute, trace);
            this.values = values;
            values.forEach(value -> numbers.add(entities.number(value)));
        }

        @Override
        public BitSet rows(SpaceVersion version) {
            BitSet rows = new BitSet();
            Entities.Rows places = entities.rows(version);
            AttributeCodes known = AttributeCodes.of(version, attribute, reader, trace);
            BitSet wanted = known.of(values);
            int[] codes = known.byRow();
            for (int row = 0; row < codes.length; row++) {
                int code = codes[row];
                if (code >= 0 ? wanted.get(code) : code == AttributeCodes.UNSURE && accepts(places.number(row))) {
                    rows.set(row);
                }
            }
            version.eachStreamed(row -> rows.set(row, accepts(places.number(row))));
            reader.changed(number -> {
                int ordinal = places.ordinal(number);
                if (ordinal >= 0) {
                    rows.set(ordinal, accepts(number));
                }
            });
            return rows;
        }

        @Override
        public boolean accepts(int number) {
            return numbers.contains(reader.value(number));
        }
    }

    /** Was made between so long ago. */
    private final class Aged implements Node {

        private final Filter.Age wanted;

        Aged(Filter.Age wanted) {
            this.wanted = wanted;
        }

        private boolean contains(long createdMillis) {
            Duration age = Duration.ofMillis(nowMillis - createdMillis);
            return age.compareTo(wanted.min()) >= 0 && age.compareTo(wanted.max()) <= 0;
        }

        @Override
        public BitSet rows(SpaceVersion version) {
            BitSet rows = new BitSet();
            long[] times = ages.ofBase(version);
            for (int row = 0; row < times.length; row++) {
                if (times[row] != Ages.UNKNOWN && contains(times[row])) {
                    rows.set(row);
                }
            }
            Entities.Rows places = entities.rows(version);
            version.eachStreamed(row -> rows.set(row, accepts(places.number(row))));
            return rows;
        }

        @Override
        public boolean accepts(int number) {
            OptionalLong created = ages.createdMillis(number);
            return created.isPresent() && contains(created.getAsLong());
        }
    }

    private Node weighted(Filter.Weight wanted) {
        return trace.spaceForRules(wanted.space())
                .<Node>map(version -> new Weighted(version, wanted))
                .orElseGet(() -> new Joined(List.of(), false));
    }

    /** Has a weight between two in a column. */
    private final class Weighted implements Node {

        private final SpaceVersion read;
        private final Filter.Weight wanted;
        private final Entities.Rows places;
        private final OptionalInt column;

        Weighted(SpaceVersion read, Filter.Weight wanted) {
            this.read = read;
            this.wanted = wanted;
            this.places = entities.rows(read);
            this.column = read.column(wanted.column());
        }

        @Override
        public BitSet rows(SpaceVersion version) {
            EntitySet met = new EntitySet(entities);
            if (column.isPresent()) {
                InverseSpace.eachRow(read, column.getAsInt(), ordinal -> {
                    if (contains(ordinal)) {
                        met.add(places.number(ordinal));
                    }
                });
            }
            return FilterRows.this.rows(met, version);
        }

        @Override
        public boolean accepts(int number) {
            int ordinal = column.isPresent()
                            && entities.kind(number).equals(read.space().kind())
                    ? places.ordinal(number)
                    : -1;
            return ordinal >= 0 && contains(ordinal);
        }

        private boolean contains(int ordinal) {
            SparseVector row = read.sparse(ordinal);
            for (int i = 0; i < row.size(); i++) {
                if (row.columns()[i] == column.orElseThrow()) {
                    return row.weights()[i] >= wanted.min() && row.weights()[i] <= wanted.max();
                }
            }
            return false;
        }
    }
}
