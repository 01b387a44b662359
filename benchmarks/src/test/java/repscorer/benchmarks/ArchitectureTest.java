package repscorer.benchmarks;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rules of direction: which package may see which. docs/architecture.md draws them. */
class ArchitectureTest {

    private static final String[] FILES = {
        "repscorer.yaml..", "repscorer.imports..", "repscorer.vectors..", "repscorer.text.."
    };

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static JavaClasses product;

    @BeforeAll
    static void read() {
        product = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("repscorer");
        assertThat(product).as("classes of the product").hasSizeGreaterThan(100);
    }

    @Test
    void vectorsKnowNoIndexAndIndexesKnowNoIds() {
        noClasses()
                .that()
                .resideInAPackage("repscorer.vector..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("repscorer.ann..", "repscorer.core..")
                .check(product);
        noClasses()
                .that()
                .resideInAPackage("repscorer.ann..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("repscorer.core..", "repscorer.training..", "repscorer.wire..")
                .check(product);
        noClasses()
                .that()
                .resideInAPackage("repscorer.ann")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("repscorer.ann.*..")
                .check(product);
    }

    @Test
    void theSystemsCallsStandInOnePackageThatKnowsNothingOfOurs() {
        noClasses()
                .that()
                .resideOutsideOfPackage("repscorer.os")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.foreign.Linker")
                .check(product);
        noClasses()
                .that()
                .resideInAPackage("repscorer.os")
                .should()
                .dependOnClassesThat(resideInAPackage("repscorer..").and(resideOutsideOfPackage("repscorer.os")))
                .check(product);
        noClasses()
                .that()
                .resideInAPackage("repscorer.parallel")
                .should()
                .dependOnClassesThat(resideInAPackage("repscorer..").and(resideOutsideOfPackage("repscorer.parallel")))
                .check(product);
    }

    @Test
    void enginesDoNotSeeEachOther() {
        noClasses()
                .that()
                .resideInAPackage("repscorer.ann.sparse..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("repscorer.ann.exact..", "repscorer.ann.hnsw..", "repscorer.ann.hnswlib..")
                .check(product);
        noClasses()
                .that()
                .resideInAPackage("repscorer.ann.hnsw..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("repscorer.ann.exact..", "repscorer.ann.hnswlib..", "repscorer.ann.sparse..")
                .check(product);
        noClasses()
                .that()
                .resideInAPackage("repscorer.ann.hnswlib..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("repscorer.ann.exact..", "repscorer.ann.hnsw..", "repscorer.ann.sparse..")
                .check(product);
        noClasses()
                .that()
                .resideInAPackage("repscorer.ann.exact..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("repscorer.ann.sparse..", "repscorer.ann.hnsw..", "repscorer.ann.hnswlib..")
                .check(product);
    }

    /** From what decides a request to who reads what came of it; none sees those after it. */
    private static final List<String> REQUEST_LINE =
            List.of("plan", "query", "answer", "request", "source", "pair", "candidates", "explain");

    @Test
    void aRequestGoesOneWay() {
        for (int i = 0; i < REQUEST_LINE.size(); i++) {
            String[] later = REQUEST_LINE.subList(i + 1, REQUEST_LINE.size()).stream()
                    .map(name -> "repscorer.core." + name)
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage("repscorer.core." + REQUEST_LINE.get(i))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(later)
                    .allowEmptyShould(true)
                    .check(product);
        }
    }

    @Test
    void onlyTheScorerSeesHowARequestIsAnswered() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "repscorer.core",
                        "repscorer.core.request",
                        "repscorer.core.source",
                        "repscorer.core.pair",
                        "repscorer.core.candidates",
                        "repscorer.core.explain")
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                                "repscorer.core.request",
                                "repscorer.core.source",
                                "repscorer.core.pair",
                                "repscorer.core.candidates",
                                "repscorer.core.explain")
                        .and(not(simpleName("StageListener")
                                .or(simpleName("ListScorer"))
                                .or(simpleName("Budget"))
                                .or(simpleName("Priority"))
                                .or(simpleName("Effort"))
                                .or(nameMatching(".*\\.ComputePermits(\\$.*)?")))))
                .because(
                        "the listener is for metrics, the scorer of lists for callers in the process; a request has its "
                                + "permit and its time before the scorer sees it")
                .check(product);
    }

    @Test
    void coreGoesOneWay() {
        noClasses()
                .that()
                .resideInAPackage("repscorer.core.*..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("repscorer.core")
                .check(product);
        noClasses()
                .that()
                .resideInAPackage("repscorer.core.entity..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "repscorer.core.embedding..",
                        "repscorer.core.store..",
                        "repscorer.core.retrieve..",
                        "repscorer.core.similarity..",
                        "repscorer.core.blend..",
                        "repscorer.core.experiment..")
                .check(product);
        noClasses()
                .that()
                .resideInAPackage("repscorer.core.embedding..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "repscorer.core.store..",
                        "repscorer.core.retrieve..",
                        "repscorer.core.similarity..",
                        "repscorer.core.blend..",
                        "repscorer.core.experiment..")
                .check(product);
        noClasses()
                .that()
                .resideInAnyPackage("repscorer.core.similarity..", "repscorer.core.blend..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "repscorer.core.store..", "repscorer.core.retrieve..", "repscorer.core.experiment..")
                .check(product);
        noClasses()
                .that()
                .resideInAnyPackage("repscorer.core.rule..", "repscorer.core.signal..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "repscorer.core.embedding..",
                        "repscorer.core.store..",
                        "repscorer.core.retrieve..",
                        "repscorer.core.similarity..",
                        "repscorer.core.blend..",
                        "repscorer.core.experiment..")
                .check(product);
        noClasses()
                .that()
                .resideInAPackage("repscorer.core.experiment..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "repscorer.core.entity..",
                        "repscorer.core.embedding..",
                        "repscorer.core.store..",
                        "repscorer.core.retrieve..",
                        "repscorer.core.similarity..",
                        "repscorer.core.blend..")
                .check(product);
    }

    /** Below spaces and releases: a log knows no space, a disk no log. */
    @Test
    void disksAndLogsKnowNothingOfWhatTheyHold() {
        noClasses()
                .that()
                .resideInAnyPackage("repscorer.core.disk..", "repscorer.core.log..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "repscorer.core.entity..",
                        "repscorer.core.embedding..",
                        "repscorer.core.signal..",
                        "repscorer.core.store..")
                .check(product);
        noClasses()
                .that()
                .resideInAPackage("repscorer.core.disk..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("repscorer.core.log..")
                .check(product);
    }

    /** One way to the disk, which proofs put another one in the place of. */
    @Test
    void theCoreWritesThroughItsDiskAlone() {
        noClasses()
                .that()
                .resideInAPackage("repscorer.core..")
                .and()
                .resideOutsideOfPackage("repscorer.core.disk")
                .and()
                .doNotHaveSimpleName("EmbeddingFile") // opens files that others wrote, for reading
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "java\\.nio\\.file\\.Files|java\\.nio\\.channels\\.FileChannel|java\\.io\\.(File|FileOutputStream|FileWriter|RandomAccessFile)")
                .check(product);
    }

    @Test
    void theStoreAloneSeesItsPartsAndTheyDoNotSeeIt() {
        noClasses()
                .that()
                .resideOutsideOfPackage("repscorer.core.store..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("repscorer.core.store.delta..", "repscorer.core.store.index..")
                .check(product);
        noClasses()
                .that()
                .resideInAnyPackage("repscorer.core.store.delta..", "repscorer.core.store.index..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("repscorer.core.store")
                .check(product);
        noClasses()
                .that()
                .resideInAPackage("repscorer.core.store.index..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("repscorer.core.store.delta..")
                .check(product);
    }

    @Test
    void noPackageSeesItselfThroughAnother() {
        slices().assignedFrom(new SliceAssignment() {
                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass type) {
                        return SliceIdentifier.of(type.getPackageName());
                    }

                    @Override
                    public String getDescription() {
                        return "packages";
                    }
                })
                .should()
                .beFreeOfCycles()
                .check(product.that(resideInAPackage("repscorer..")));
    }

    @Test
    void indexesAndCoreKnowNeitherSpringNorJsonNorHttp() {
        noClasses()
                .that()
                .resideInAnyPackage("repscorer.vector..", "repscorer.ann..", "repscorer.core..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.springframework..", "tools.jackson..", "com.fasterxml.jackson..", "java.net.http..")
                .check(product);
    }

    @Test
    void clientsKnowNothingOfOurs() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "repscorer.wire..", "repscorer.client..", "repscorer.upstream..", "repscorer.resilience..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "repscorer.core..",
                        "repscorer.ann..",
                        "repscorer.vector..",
                        "repscorer.training..",
                        "repscorer.api..")
                .check(product);
        noClasses()
                .that()
                .resideInAnyPackage(
                        "repscorer.wire..", "repscorer.client..", "repscorer.upstream..", "repscorer.resilience..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(FILES)
                .check(product);
    }

    @Test
    void filesKnowNeitherTrainerNorService() {
        noClasses()
                .that()
                .resideInAnyPackage(FILES)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "repscorer.training..",
                        "repscorer.api..",
                        "repscorer.wire..",
                        "repscorer.client..",
                        "org.springframework..")
                .check(product);
        noClasses()
                .that()
                .resideInAnyPackage("repscorer.vector..", "repscorer.ann..", "repscorer.core..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(FILES)
                .check(product);
    }

    @Test
    void whatIsKeptOfAnswersKnowsNeitherServiceNorStatistics() {
        noClasses()
                .that()
                .resideInAnyPackage("repscorer.decisions..", "repscorer.analysis..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "repscorer.api..",
                        "repscorer.wire..",
                        "repscorer.client..",
                        "repscorer.training..",
                        "org.springframework..")
                .check(product);
        noClasses()
                .that()
                .resideInAPackage("repscorer.decisions..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("repscorer.analysis..")
                .check(product);
    }

    @Test
    void storesSeeTheClientAloneAndNobodySeesThem() {
        noClasses()
                .that()
                .resideInAPackage("repscorer.stores..")
                .should()
                .dependOnClassesThat(resideInAPackage("repscorer..")
                        .and(not(resideInAnyPackage(
                                "repscorer.stores..", "repscorer.client..", "repscorer.wire..", "repscorer.json.."))))
                .check(product);
        noClasses()
                .that()
                .resideOutsideOfPackage("repscorer.stores..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("repscorer.stores..")
                .check(product);
        assertThat(product.contain("repscorer.stores.VectorTable")).isTrue();
    }

    @Test
    void trainingKnowsNoService() {
        noClasses()
                .that()
                .resideInAPackage("repscorer.training..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "repscorer.api..", "repscorer.wire..", "repscorer.client..", "org.springframework..")
                .check(product);
    }

    @Test
    void theServiceKnowsNoTrainerAndNoBenchmarks() {
        noClasses()
                .that()
                .resideInAPackage("repscorer.api..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("repscorer.training..", "repscorer.benchmarks..", "repscorer.cli..")
                .check(product);
    }

    @Test
    void onlyBenchmarksKnowOracles() {
        noClasses()
                .that()
                .resideOutsideOfPackages("repscorer.benchmarks..", "repscorer.testing..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("repscorer.benchmarks..", "repscorer.testing..")
                .check(product);
    }

    @Test
    void peersAreSeenByTheirAdaptorsAlone() {
        noClasses()
                .that()
                .resideOutsideOfPackage("repscorer.benchmarks.engines")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.github.jbellis..")
                .check(product);
    }

    @Test
    void onePackageOfTheProductSeesLuceneAndNothingThatReadsItsQueryLanguage() {
        noClasses()
                .that()
                .resideOutsideOfPackages("repscorer.benchmarks.engines", "repscorer.core.text")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.lucene..")
                .check(product);
        noClasses()
                .that()
                .resideInAPackage("repscorer..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.lucene.queryparser..")
                .check(product);
        noClasses()
                .that()
                .resideInAPackage("repscorer.core.text")
                .should()
                .dependOnClassesThat(resideInAPackage("repscorer.core..")
                        .and(not(resideInAnyPackage("repscorer.core.text", "repscorer.core.embedding"))))
                .because("words know no ids and no releases")
                .check(product);
    }

    @Test
    void twoClassesKnowTheParquetLibrary() {
        noClasses()
                .that()
                .haveNameNotMatching(".*\\.imports\\.Parquet(Rows|Columns)(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.hardwood..")
                .check(product);
    }

    @Test
    void controllersArePackagePrivate() {
        classes()
                .that()
                .areAnnotatedWith("org.springframework.web.bind.annotation.RestController")
                .should()
                .bePackagePrivate()
                .check(product);
    }

    @Test
    void hotPackagesUseNoStreams() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "repscorer.os..",
                        "repscorer.vector..",
                        "repscorer.ann.exact..",
                        "repscorer.ann.hnsw..",
                        "repscorer.ann.sparse..",
                        "repscorer.training.twhin..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.util.stream..")
                .check(product);
    }
}
