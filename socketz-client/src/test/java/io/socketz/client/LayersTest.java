package io.socketz.client;

import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.syntax.GivenSlices;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Which parts of the client know which: the library stays free of what the commands need. */
class LayersTest {
    private static final String LIBRARY = "io.socketz.client";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(LIBRARY);

    @Test
    void packagesHaveNoCycle() {
        by("packages", each -> SliceIdentifier.of(each.getPackageName()))
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void theLibraryKnowsNeitherTheCommandsNorWhatTheyUse() {
        noClasses()
                .that()
                .resideInAPackage(LIBRARY)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        LIBRARY + ".cli",
                        LIBRARY + ".repl",
                        LIBRARY + ".bench",
                        LIBRARY + ".console",
                        "picocli..",
                        "org.jline..",
                        "org.HdrHistogram..")
                .check(CLASSES);
    }

    @Test
    void onlyThePromptAndTheCommandsKnowPicocliAndJLine() {
        noClasses()
                .that()
                .resideOutsideOfPackages(LIBRARY + ".cli", LIBRARY + ".repl", LIBRARY + ".bench")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("picocli..", "org.jline..")
                .check(CLASSES);
    }

    /** So a program without TLS needs no jar for it. */
    @Test
    void onlyOnePackageKnowsTheLibraryForTls() {
        noClasses()
                .that()
                .resideOutsideOfPackage(LIBRARY + ".tls")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("tlschannel..")
                .check(CLASSES);
    }

    /**
     * One cycle is allowed: an attempt names its failure, and the failure of a round names its attempts. Both are
     * values.
     */
    @Test
    void classesOfTheLibraryHaveNoCycle() {
        by(
                        "classes of the library",
                        each -> each.getPackageName().equals(LIBRARY)
                                ? SliceIdentifier.of(outermost(each).getSimpleName())
                                : SliceIdentifier.ignore())
                .should()
                .beFreeOfCycles()
                .ignoreDependency(nameMatching(".*SocketzException"), nameMatching(".*Attempt"))
                .check(CLASSES);
    }

    private static GivenSlices by(String description, Function<JavaClass, SliceIdentifier> slice) {
        return slices().assignedFrom(new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass each) {
                return slice.apply(each);
            }

            @Override
            public String getDescription() {
                return description;
            }
        });
    }

    private static JavaClass outermost(JavaClass each) {
        return each.getEnclosingClass().map(LayersTest::outermost).orElse(each);
    }
}
