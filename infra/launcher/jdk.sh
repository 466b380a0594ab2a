# The JDK: finds or installs one, and becomes its JVM.
# Sets java_home, and java_release (17, 21, ...).
# shellcheck shell=bash

# protobuf, which jetcd needs, uses sun.misc.Unsafe. JDK 24 warns about that without this flag; JDK 23 is the first to
# know the flag.
unsafe_allowed=--sun-misc-unsafe-memory-access=allow

# Every JVM reads these.
jvm_variables='JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS'

java_on_path() { # -> the Java home behind `java`
    local java home
    if [ -x /usr/libexec/java_home ]; then # macOS, where /usr/bin/java is a stub
        /usr/libexec/java_home -v $java_minimum+ 2>/dev/null && return
    fi
    java=$(command -v java) || return
    java=$(resolve "$java")
    home=${java%/bin/java}
    [ -e "$home/release" ] || # a version manager's wrapper, and only that knows the home
        home=$("$java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p')
    printf '%s\n' "$home"
}

java_version() { # JAVA_HOME -> 17; from the release file if there is one, because a JVM takes long to start
    local key value version=''
    if [ -r "$1/release" ]; then
        while IFS='=' read -r key value; do
            [ "$key" = JAVA_VERSION ] && version=${value//\"/}
        done <"$1/release"
    fi
    [ -n "$version" ] || version=$("$1/bin/java" -XshowSettings:properties -version 2>&1 |
        sed -n 's/^ *java\.specification\.version = //p')
    printf '%s\n' "${version%%[!0-9]*}"
}

find_java() { # java|javac: takes the first JDK that is new enough and has this program
    local home version
    for home in "${JAVA_HOME:-}" "$(java_on_path)" /usr/lib/jvm/* /opt/homebrew/opt/openjdk /usr/local/opt/openjdk; do
        [ -n "$home" ] || continue
        [ -x "$home/bin/$1" ] || continue
        version=$(java_version "$home")
        if [ "${version:-0}" -ge $java_minimum ]; then
            java_home=$home
            java_release=$version
            [ "$version" -lt 23 ] || jvm_flags[${#jvm_flags[@]}]=$unsafe_allowed
            return 0
        fi
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

add_collector() { # A JVM accepts only one, so a collector that the user has chosen replaces ours.
    case "${SOCKETZ_JAVA_OPTS:-} ${JAVA_TOOL_OPTIONS:-} ${JDK_JAVA_OPTIONS:-} ${_JAVA_OPTIONS:-}" in
    *-XX:+Use*GC*) ;;
    *) jvm_flags=("${collector_flags[@]}" "${jvm_flags[@]}") ;;
    esac
}

become_java() { # ARGUMENTS...: signals and the process id become those of the Java program
    # shellcheck disable=SC2086 # the user's options are a list of words
    exec "$java_home/bin/java" "${jvm_flags[@]}" ${SOCKETZ_JAVA_OPTS:-} -cp "$class_path" "$main_class" "$@"
}
