package repscorer.benchmarks.experiments;
import repscorer.testing.Seeds;
final class Scratch { public static void main(String[] a){
 long t=System.currentTimeMillis();
 System.out.println(PolicyTrials.run(Seeds.fixed(4), 100, 200_000)+" "+(System.currentTimeMillis()-t)); t=System.currentTimeMillis();
}}
