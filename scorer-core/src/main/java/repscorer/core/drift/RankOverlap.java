package repscorer.core.drift;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** How alike two ranked lists are. Each list names a thing once. */
public final class RankOverlap {

    /*
     * Rank-biased overlap weighs agreement at the top more: a reader goes on to the next rank with probability p. Of lists that
     * end, the rest is unknown; what is computed is the extrapolated value, RBO_EXT of equation 32 in [1], which takes the
     * agreement at the end for that of the rest, and is 1 for equal lists. X_d is how many things the fronts of length d share,
     * s and l are the lengths of the shorter and the longer list:
     *
     *   (1 − p)/p · (Σ d=1..l of X_d/d · p^d  +  Σ d=s+1..l of X_s (d − s)/(s d) · p^d)  +  ((X_l − X_s)/l + X_s/s) · p^l
     *
     * [1] W. Webber, A. Moffat, J. Zobel: A similarity measure for indefinite rankings. ACM TOIS 28(4), 2010.
     */

    /** How probably a reader goes on to the next rank: the first ten have 86 % of the weight. */
    static final double P = 0.9;

    private RankOverlap() {}

    /** The share of the best k that two lists have in common; of the longer list where both are shorter. NaN where both are empty. */
    public static <T> double overlap(List<T> a, List<T> b, int k) {
        Set<T> front = new HashSet<>(a.subList(0, Math.min(k, a.size())));
        int most = Math.max(front.size(), Math.min(k, b.size()));
        int shared = 0;
        for (T each : b.subList(0, Math.min(k, b.size()))) {
            shared += front.contains(each) ? 1 : 0;
        }
        return most == 0 ? Double.NaN : (double) shared / most;
    }

    /** The extrapolated rank-biased overlap of the best k of two lists. NaN where both are empty, 0 where one is. */
    public static <T> double biased(List<T> a, List<T> b, int k) {
        List<T> shorter = a.size() <= b.size() ? a : b;
        List<T> longer = a.size() <= b.size() ? b : a;
        int s = Math.min(k, shorter.size());
        int l = Math.min(k, longer.size());
        if (s == 0) {
            return l == 0 ? Double.NaN : 0;
        }
        Set<T> seenShort = new HashSet<>();
        Set<T> seenLong = new HashSet<>();
        double sum = 0;
        double power = 1;
        int shared = 0;
        int sharedAtS = 0;
        for (int d = 1; d <= l; d++) {
            power *= P;
            T right = longer.get(d - 1);
            seenLong.add(right);
            if (d <= s) {
                T left = shorter.get(d - 1);
                seenShort.add(left);
                shared += left.equals(right) ? 1 : 0;
                shared += !left.equals(right) && seenLong.contains(left) ? 1 : 0;
                shared += !left.equals(right) && seenShort.contains(right) ? 1 : 0;
                sharedAtS = shared;
            } else {
                shared += seenShort.contains(right) ? 1 : 0;
                sum += (double) sharedAtS * (d - s) / ((double) s * d) * power;
            }
            sum += (double) shared / d * power;
        }
        double rest = (double) (shared - sharedAtS) / l + (double) sharedAtS / s;
        return Math.min(1, (1 - P) / P * sum + rest * power);
    }
}
