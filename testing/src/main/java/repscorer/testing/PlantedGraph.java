package repscorer.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A directed graph whose communities are known: the planted-partition model, with a mixing parameter as LFR has it.
 *
 * @param community the planted community of each node
 * @param edges pairs {from, to} of different nodes; a pair may be there twice
 */
@SuppressWarnings("ArrayRecordComponent") // plain data for tests, compared by nobody
public record PlantedGraph(int[] community, int[][] edges) {

    /**
     * Draws a graph. Every node belongs to the community of its number modulo {@code communities}.
     *
     * @param degree edges that each node begins
     * @param mixing μ: the chance that an edge ends anywhere at all but in the node's own community, 0 to 1
     */
    public static PlantedGraph draw(RandomGenerator random, int nodes, int communities, int degree, double mixing) {
        int[] community = new int[nodes];
        for (int node = 0; node < nodes; node++) {
            community[node] = node % communities;
        }
        List<int[]> edges = new ArrayList<>();
        for (int node = 0; node < nodes; node++) {
            for (int i = 0; i < degree; i++) {
                boolean out = random.nextDouble() < mixing;
                int to;
                do {
                    to = random.nextInt(nodes);
                } while (to == node || (community[to] == community[node]) == out);
                edges.add(new int[] {node, to});
            }
        }
        return new PlantedGraph(community, edges.toArray(int[][]::new));
    }

    /**
     * How much two groupings tell of each other: mutual information over the mean of both entropies, 0 to 1. Groups are
     * numbered from -1 on, and -1 is a group like any other.
     */
    public static double normalisedMutualInformation(int[] a, int[] b) {
        int n = a.length;
        double[][] joint = new double[groups(a)][groups(b)];
        for (int i = 0; i < n; i++) {
            joint[a[i] + 1][b[i] + 1] += 1.0 / n;
        }
        double[] pa = new double[joint.length];
        double[] pb = new double[joint[0].length];
        for (int i = 0; i < pa.length; i++) {
            for (int j = 0; j < pb.length; j++) {
                pa[i] += joint[i][j];
                pb[j] += joint[i][j];
            }
        }
        double mutual = 0;
        for (int i = 0; i < pa.length; i++) {
            for (int j = 0; j < pb.length; j++) {
                mutual += joint[i][j] > 0 ? joint[i][j] * Math.log(joint[i][j] / (pa[i] * pb[j])) : 0;
            }
        }
        return 2 * mutual / (entropy(pa) + entropy(pb));
    }

    private static int groups(int[] numbers) {
        int most = -1;
        for (int number : numbers) {
            most = Math.max(most, number);
        }
        return most + 2;
    }

    private static double entropy(double[] shares) {
        double sum = 0;
        for (double p : shares) {
            sum -= p > 0 ? p * Math.log(p) : 0;
        }
        return sum;
    }
}
