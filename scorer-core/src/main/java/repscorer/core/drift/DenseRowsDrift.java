package repscorer.core.drift;

import java.util.Optional;
import repscorer.core.store.SpaceVersion;

/** Compares the dense rows of drawn ids. */
final class DenseRowsDrift {

    private DenseRowsDrift() {}

    /** @param comparable whether both have one dimension */
    static SpaceDrift.Dense of(SpaceVersion a, SpaceVersion b, SharedRows rows, boolean comparable) {
        int n = rows.drawn();
        Values cosine = new Values(n);
        Values l2 = new Values(n);
        Values normA = new Values(n);
        Values normB = new Values(n);
        Values ratio = new Values(n);
        float[] left = new float[a.file().dimension()];
        float[] right = new float[b.file().dimension()];
        for (int i = 0; i < n; i++) {
            a.copyDense(rows.a()[i], left);
            b.copyDense(rows.b()[i], right);
            double first = norm(left);
            double second = norm(right);
            normA.add(first);
            normB.add(second);
            if (first > 0) {
                ratio.add(second / first);
            }
            if (comparable) {
                l2.add(distance(left, right));
                if (first > 0 && second > 0) {
                    cosine.add(Math.clamp(dot(left, right) / (first * second), -1, 1));
                }
            }
        }
        return new SpaceDrift.Dense(
                cosine.distribution(),
                l2.distribution(),
                normA.distribution(),
                normB.distribution(),
                ratio.distribution());
    }

    /** In doubles, so that equal rows have a cosine of 1 to the last digits that are shown. */
    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    private static double norm(float[] a) {
        return Math.sqrt(dot(a, a));
    }

    private static double distance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            double difference = (double) a[i] - b[i];
            sum += difference * difference;
        }
        return Math.sqrt(sum);
    }

    /** Values that come one by one. */
    static final class Values {

        private final double[] values;
        private int count;

        Values(int most) {
            values = new double[most];
        }

        void add(double value) {
            values[count++] = value;
        }

        Optional<Distribution> distribution() {
            return Distribution.of(values, count);
        }
    }
}
