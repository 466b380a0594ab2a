package io.socketz.state;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import org.junit.jupiter.api.Test;

/** Which packages and classes of this module may know which. */
class StateArchitectureTest {
    private static final String STATE = "io.socketz.state";
    private static final String ETCD = STATE + ".etcd";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(STATE);

    /** One slice for each class with all that is nested in it. */
    private static SliceAssignment topLevelClassesOf(String packageName) {
        return new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
                if (!javaClass.getPackageName().equals(packageName)) {
                    return SliceIdentifier.ignore();
                }
                return SliceIdentifier.of(javaClass.getName().replaceFirst("\\$.*", ""));
            }

            @Override
            public String getDescription() {
                return "top-level classes of " + packageName;
            }
        };
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.socketz.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void stateKnowsNoOtherModule() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.socketz.protocol..", "io.socketz.server..", "io.socketz.client..")
                .check(CLASSES);
    }

    /** Otherwise the ways to etcd could be neither exchanged nor simulated. */
    @Test
    void theWaysToEtcdKnowNeitherTheAlgorithmNorEachOther() {
        noClasses()
                .that()
                .resideInAnyPackage(ETCD + ".transport..", STATE + ".jetcd..", STATE + ".gateway..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ETCD)
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage(STATE + ".jetcd..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(STATE + ".gateway..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage(STATE + ".gateway..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(STATE + ".jetcd..")
                .check(CLASSES);
    }

    /** It gets events and the time, and does no I/O: the simulation depends on that. */
    @Test
    void theAlgorithmKnowsNoThreadAndNoClock() {
        noClasses()
                .that()
                .resideInAPackage(ETCD)
                .and()
                .doNotHaveSimpleName("EtcdRegistry") // the thread and the clock of the algorithm
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName(Thread.class.getName())
                .orShould()
                .dependOnClassesThat()
                .haveSimpleName("StateThread")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(CLASSES);
    }

    @Test
    void noClassesOfTheAlgorithmCallEachOtherInACircle() {
        slices().assignedFrom(topLevelClassesOf(ETCD)).should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void noClassesOfTheTransportKitCallEachOtherInACircle() {
        slices().assignedFrom(topLevelClassesOf(ETCD + ".transport"))
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }
}
