package io.socketz.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The storeys of the server, as its package page draws them. */
class ArchitectureTest {
    private static final String SERVER = "io.socketz.server";

    private final JavaClasses server = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(SERVER);

    @Test
    void eachPackageUsesOnlyThoseBelowIt() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage(SERVER + "..")
                .layer("cli")
                .definedBy(SERVER + ".cli")
                .layer("face")
                .definedBy(SERVER)
                .layer("haproxy")
                .definedBy(SERVER + ".haproxy")
                .layer("session")
                .definedBy(SERVER + ".session")
                .layer("command")
                .definedBy(SERVER + ".command")
                .layer("nio")
                .definedBy(SERVER + ".nio")
                .layer("event")
                .definedBy(SERVER + ".event")
                .whereLayer("cli")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("face")
                .mayOnlyBeAccessedByLayers("cli")
                .whereLayer("haproxy")
                .mayOnlyBeAccessedByLayers("face")
                .whereLayer("session")
                .mayOnlyBeAccessedByLayers("face", "haproxy")
                .whereLayer("command")
                .mayOnlyBeAccessedByLayers("face", "session")
                .whereLayer("nio")
                .mayOnlyBeAccessedByLayers("face", "haproxy", "session")
                .check(server);
    }

    @Test
    void noPackagesFormACycle() {
        slices().assignedFrom(by("package", JavaClass::getPackageName))
                .should()
                .beFreeOfCycles()
                .check(server);
    }

    /** Nested classes count as part of the class around them. */
    @Test
    void noClassesFormACycle() {
        slices().assignedFrom(by("class", ArchitectureTest::outermost))
                .should()
                .beFreeOfCycles()
                .check(server);
    }

    @Test
    void onlyTheCommandLineKnowsPicocli() {
        noClasses()
                .that()
                .resideOutsideOfPackage(SERVER + ".cli")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("picocli..")
                .check(server);
    }

    @Test
    void onlyTheCommandLineKnowsEtcd() {
        noClasses()
                .that()
                .resideOutsideOfPackage(SERVER + ".cli")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.socketz.state.etcd..", "io.socketz.state.jetcd..", "io.socketz.state.gateway..")
                .check(server);
    }

    /** The server alone knows both. */
    @Test
    void protocolAndStateDoNotKnowEachOther() {
        JavaClasses both = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.socketz.protocol", "io.socketz.state");
        noClasses()
                .that()
                .resideInAPackage("io.socketz.protocol..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.socketz.state..", SERVER + "..")
                .check(both);
        noClasses()
                .that()
                .resideInAPackage("io.socketz.state..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.socketz.protocol..", SERVER + "..")
                .check(both);
    }

    private static String outermost(JavaClass type) {
        return type.getEnclosingClass().map(ArchitectureTest::outermost).orElse(type.getFullName());
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
