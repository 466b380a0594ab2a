package io.socketz.server;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The layers of the server, as its package documentation draws them. */
class ServerArchitectureTest {
    private static final String SERVER = "io.socketz.server";

    /** Imported once and without the classes of the JDK, because importing takes most of the time. */
    private static final JavaClasses CLASSES = importPackages(SERVER, "io.socketz.protocol", "io.socketz.state");

    private static final JavaClasses SERVER_CLASSES = CLASSES.that(resideInAPackage(SERVER + ".."));

    private static JavaClasses importPackages(String... packages) {
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
        return new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages(packages);
    }

    @Test
    void eachPackageDependsOnlyOnThoseBelowIt() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage(SERVER + "..")
                .layer("cli")
                .definedBy(SERVER + ".cli")
                .layer("log")
                .definedBy(SERVER + ".log")
                .layer("face")
                .definedBy(SERVER)
                .layer("admin")
                .definedBy(SERVER + ".admin")
                .layer("haproxy")
                .definedBy(SERVER + ".haproxy")
                .layer("session")
                .definedBy(SERVER + ".session")
                .layer("audit")
                .definedBy(SERVER + ".audit")
                .layer("watch")
                .definedBy(SERVER + ".watch")
                .layer("command")
                .definedBy(SERVER + ".command")
                .layer("nio")
                .definedBy(SERVER + ".nio")
                .layer("event")
                .definedBy(SERVER + ".event")
                .whereLayer("cli")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("log")
                .mayOnlyBeAccessedByLayers("cli")
                .whereLayer("face")
                .mayOnlyBeAccessedByLayers("cli")
                .whereLayer("admin")
                .mayOnlyBeAccessedByLayers("face")
                .whereLayer("haproxy")
                .mayOnlyBeAccessedByLayers("face")
                .whereLayer("audit")
                .mayOnlyBeAccessedByLayers("face")
                .whereLayer("session")
                .mayOnlyBeAccessedByLayers("face", "haproxy", "audit")
                .whereLayer("watch")
                .mayOnlyBeAccessedByLayers("face", "session")
                .whereLayer("command")
                .mayOnlyBeAccessedByLayers("cli", "face", "admin", "session", "watch", "audit")
                .whereLayer("nio")
                .mayOnlyBeAccessedByLayers("face", "admin", "haproxy", "session")
                .check(SERVER_CLASSES);
    }

    @Test
    void packagesFormNoCycle() {
        slices().assignedFrom(by("package", JavaClass::getPackageName))
                .should()
                .beFreeOfCycles()
                .check(SERVER_CLASSES);
    }

    /** Nested classes count as part of their outermost class. */
    @Test
    void classesFormNoCycle() {
        slices().assignedFrom(by("class", ServerArchitectureTest::outermost))
                .should()
                .beFreeOfCycles()
                .check(SERVER_CLASSES);
    }

    @Test
    void onlyTheCommandLineDependsOnPicocli() {
        noClasses()
                .that()
                .resideOutsideOfPackage(SERVER + ".cli")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("picocli..")
                .check(SERVER_CLASSES);
    }

    /** The face names the options of a cluster in {@code Builder.cluster}; nothing below it knows of etcd. */
    @Test
    void onlyTheFaceAndTheCommandLineDependOnEtcd() {
        noClasses()
                .that()
                .resideOutsideOfPackages(SERVER, SERVER + ".cli")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.socketz.state.etcd..", "io.socketz.state.jetcd..", "io.socketz.state.gateway..")
                .check(SERVER_CLASSES);
    }

    /** So a server in memory loads no class of the libraries that talk to etcd. */
    @Test
    void onlyTheCommandLineAndOneClassOfTheFaceDependOnAWayToEtcd() {
        noClasses()
                .that()
                .resideOutsideOfPackage(SERVER + ".cli")
                .and()
                .doNotHaveSimpleName("JoinedCluster")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.socketz.state.jetcd..", "io.socketz.state.gateway..")
                .check(SERVER_CLASSES);
    }

    /** Only the server depends on both. */
    @Test
    void protocolAndStateDoNotDependOnEachOther() {
        noClasses()
                .that()
                .resideInAPackage("io.socketz.protocol..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.socketz.state..", SERVER + "..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("io.socketz.state..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.socketz.protocol..", SERVER + "..")
                .check(CLASSES);
    }

    private static String outermost(JavaClass type) {
        return type.getEnclosingClass().map(ServerArchitectureTest::outermost).orElse(type.getFullName());
    }

    private static SliceAssignment by(String what, Function<JavaClass, String> name) {
        return new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                return SliceIdentifier.of(name.apply(type));
            }

            @Override
            public String getDescription() {
                return "each " + what + " of the server";
            }
        };
    }
}
