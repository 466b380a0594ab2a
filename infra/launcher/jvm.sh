# The JVM: its flags, and where it is. The distribution's bin/socketz reads this file too, so it is written for any sh.
# Sets java_home, and java_release (17, 21, ...).
# shellcheck shell=sh

java_minimum=17

jvm_words='' # SOCKETZ_JAVA_OPTS come later on the command line, and win
jvm_words="$jvm_words -XX:-UsePerfData"            # no mapped file in /tmp: writing it to the disk can stall an event loop
jvm_words="$jvm_words -XX:+ExitOnOutOfMemoryError" # a server without memory must exit and be replaced
jvm_words="$jvm_words -Xshare:auto"                # use the class-data archive if it fits, and ...
jvm_words="$jvm_words -Xlog:disable"               # ... say nothing if it does not: some JVMs report that as an error

collector_words='' # unless the user chooses a collector
collector_words="$collector_words -XX:+UseSerialGC" # the smallest heap, and no threads of its own
collector_words="$collector_words -Xmn4m"           # few objects die young here: more room for them is memory that connections lack

# A person waits for the prompt of `connect`, which has no work for a second compiler.
prompt_words='-XX:TieredStopAtLevel=1'

server_class=io.socketz.server.cli.Main # for `serve`, because it starts sooner
main_class=io.socketz.it.cli.SocketzMain

# protobuf, which jetcd needs, uses sun.misc.Unsafe. JDK 24 warns about that without this flag; JDK 23 is the first to
# know the flag.
unsafe_allowed=--sun-misc-unsafe-memory-access=allow

# The line editor of `connect` loads a library, which later JDKs warn about.
native_access=--enable-native-access=ALL-UNNAMED

java_on_path() ( # -> the Java home behind `java`
    if [ -x /usr/libexec/java_home ]; then # macOS, where /usr/bin/java is a stub
        /usr/libexec/java_home -v $java_minimum+ 2>/dev/null && exit
    fi
    java=$(command -v java) || exit
    PATH=${PATH:+$PATH:}/usr/bin:/bin # for readlink and sed
    java=$(resolve "$java")
    home=${java%/bin/java}
    [ -e "$home/release" ] || # a version manager's wrapper, and only that knows the home
        home=$("$java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p')
    printf '%s\n' "$home"
)

java_version() ( # JAVA_HOME -> 17; from the release file if there is one, because a JVM takes long to start
    version=''
    if [ -r "$1/release" ]; then
        while IFS='=' read -r key value; do
            [ "$key" != JAVA_VERSION ] || version=${value#\"}
        done <"$1/release"
    fi
    if [ -z "$version" ]; then
        PATH=${PATH:+$PATH:}/usr/bin:/bin # for sed
        version=$("$1/bin/java" -XshowSettings:properties -version 2>&1 |
            sed -n 's/^ *java\.specification\.version = //p')
    fi
    printf '%s\n' "${version%%[!0-9]*}"
)

take_java() { # HOME java|javac: takes this JVM if it is new enough and has this program; sets too_old if it is not
    [ -n "$1" ] && [ -x "$1/bin/$2" ] || return 1
    java_release=$(java_version "$1")
    if [ "${java_release:-0}" -lt $java_minimum ]; then
        too_old="Java $java_release in $1"
        return 1
    fi
    java_home=$1
    [ "$java_release" -lt 23 ] || jvm_words="$jvm_words $unsafe_allowed"
}

add_collector() { # A JVM accepts only one, so a collector that the user has chosen replaces ours.
    case "${SOCKETZ_JAVA_OPTS:-} ${JAVA_TOOL_OPTIONS:-} ${JDK_JAVA_OPTIONS:-} ${_JAVA_OPTIONS:-}" in
    *-XX:+Use*GC*) ;;
    *) jvm_words="$collector_words $jvm_words" ;;
    esac
}

# A person waits for its prompt: the JVM's flags for `connect`, once java_release is known.
add_prompt() {
    jvm_words="$jvm_words $prompt_words"
    [ "$java_release" -lt 22 ] || jvm_words="$jvm_words $native_access"
}
