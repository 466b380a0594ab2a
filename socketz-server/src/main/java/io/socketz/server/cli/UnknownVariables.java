package io.socketz.server.cli;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** Environment variables that look like settings of a command, and have no effect: probably somebody has mistyped one. */
final class UnknownVariables {
    private static final String PREFIX = "SOCKETZ_";

    /** Variables that are no options: of the launcher, of images, and etcd's password. */
    private static final Set<String> OTHERS = Set.of(
            PREFIX + "JAVA_OPTS",
            PREFIX + "NO_BUILD",
            PREFIX + "HELP",
            PREFIX + "VERSION",
            ClusterOptions.PASSWORD_VARIABLE);

    private UnknownVariables() {}

    /** What to say of them, a line for each kind. Values are not shown: one may be a secret. */
    static List<String> warnings(CommandSpec command, Map<String, String> environment) {
        Set<String> known = command.options().stream()
                .map(EnvironmentDefaults::variable)
                .collect(Collectors.toCollection(HashSet::new));
        Set<String> unknown = new TreeSet<>();
        Set<String> ofServices = new TreeSet<>();
        environment.forEach((name, value) -> {
            if (!name.startsWith(PREFIX) || OTHERS.contains(name)) {
                return;
            }
            if (ServiceLinks.isSet(name, value)) {
                ofServices.add(name);
            } else if (!known.contains(name)) {
                unknown.add(name);
            }
        });
        List<String> warnings = new ArrayList<>();
        if (!ofServices.isEmpty()) {
            warnings.add("ignored, since Kubernetes sets them for a Service: " + String.join(", ", ofServices)
                    + " (enableServiceLinks: false)");
        }
        if (!unknown.isEmpty()) {
            warnings.add("not an option of '" + command.qualifiedName() + "': "
                    + unknown.stream()
                            .map(name -> name + suggestion(name, known))
                            .collect(Collectors.joining(", ")));
        }
        return warnings;
    }

    private static String suggestion(String name, Set<String> known) {
        String word = name.substring(PREFIX.length());
        Set<String> words = known.stream()
                .map(variable -> variable.substring(PREFIX.length()))
                .collect(Collectors.toSet());
        return Spelling.nearest(word, words)
                .map(similar -> " (did you mean " + PREFIX + similar + "?)")
                .orElse("");
    }
}
