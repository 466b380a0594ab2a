# The JDK: finds or installs one, and becomes its JVM.
# shellcheck shell=bash

# Every JVM reads these.
jvm_variables='JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS'

find_java() { # java|javac: takes the first JDK that is new enough and has this program
    local home
    for home in "${JAVA_HOME:-}" "$(java_on_path)" /usr/lib/jvm/* /opt/homebrew/opt/openjdk /usr/local/opt/openjdk; do
        take_java "$home" "$1" && return
    done
    return 1
}

need_java() { # java|javac: installs a JDK if there is none that will do
    local package
    find_java "$1" && return
    for package in jdk newer-jdk; do # some distributions no longer have 17
        install $package
        find_java "$1" && return
    done
    die 2 "needs a JDK, version $java_minimum or later: please install one, or set JAVA_HOME to it"
}

become_java() { # ARGUMENTS...: signals and the process id become those of the Java program
    # shellcheck disable=SC2086 # lists of words; bash 3.2 takes an empty list for an unset variable
    exec "$java_home/bin/java" $jvm_words ${jvm_flags[@]+"${jvm_flags[@]}"} ${SOCKETZ_JAVA_OPTS:-} -cp "$class_path" "$start_class" "$@"
}
