package io.socketz.protocol;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import io.socketz.protocol.reply.Reply;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which packages and classes of this module may depend on which. */
class ProtocolArchitectureTest {
    private static final String PROTOCOL = "io.socketz.protocol";

    /** The main classes only: test classes are in a different location. */
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .importUrl(Reply.class.getProtectionDomain().getCodeSource().getLocation());

    /**
     * The cycles that we accept. Replies: a reply names its type, and a type parses its replies, so a new reply that
     * lacks either does not compile; a reply in a file of its own is one of the sealed ones all the same. Records: a field may
     * be a list of records, which have fields. Commands: a command names its row, and a row creates its command once, so that
     * parsing a line allocates nothing; a command is one of the sealed requests.
     */
    private static final Map<String, String> KNOTS = knots(Map.of(
            "replies",
                    List.of(
                            "reply.Reply",
                            "reply.ReplyType",
                            "reply.ReplyParser",
                            "reply.ClientListParser",
                            "reply.FreshnessFormat",
                            "reply.EventFormat",
                            "reply.LineFormat",
                            "reply.AuditRecord",
                            "reply.ClientCount",
                            "reply.Event",
                            "reply.Kicked",
                            "reply.Watching",
                            "reply.Block",
                            "reply.BlockFormat",
                            "reply.BlockParser",
                            "reply.ReplyFields",
                            "reply.ReplyDisplay",
                            "reply.ReplyRecord",
                            "reply.RecordText",
                            "reply.ClientRecord",
                            "reply.CommandRecord",
                            "reply.DepartureRecord",
                            "reply.LineRecord",
                            "reply.ServerRecord"),
            "commands", List.of("request.Request", "request.Command", "request.CommandRow")));

    private static Map<String, String> knots(Map<String, List<String>> classes) {
        Map<String, String> knots = new HashMap<>();
        classes.forEach((knot, members) -> members.forEach(member -> knots.put(member, knot)));
        return knots;
    }

    /** A class counts together with its nested classes; the classes of an accepted cycle count as one class. */
    private static final SliceAssignment TOP_LEVEL_CLASSES = new SliceAssignment() {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
            if (!javaClass.getPackageName().startsWith(PROTOCOL)) {
                return SliceIdentifier.ignore();
            }
            String name = javaClass.getName().replaceFirst("\\$.*", "").substring(PROTOCOL.length() + 1);
            return SliceIdentifier.of(KNOTS.getOrDefault(name, name));
        }

        @Override
        public String getDescription() {
            return "top-level classes";
        }
    };

    @Test
    void packagesFormNoCycle() {
        slices().matching(PROTOCOL + ".(*)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void theModuleDependsOnlyOnTheJdk() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(PROTOCOL + "..", "java..", "org.jspecify..")
                .check(CLASSES);
    }

    @Test
    void classesFormNoCycleBeyondTheKnownOnes() {
        slices().assignedFrom(TOP_LEVEL_CLASSES).should().beFreeOfCycles().check(CLASSES);
    }
}
