# The build: whether it is out of date, Maven, and the lock that keeps two launchers from building at once.
# shellcheck shell=bash

server_jar=$here/socketz-server/target/socketz-server.jar
all_jar=$here/socketz-it/target/socketz-it.jar
server_libraries=${server_jar%/*}/lib
all_libraries=${all_jar%/*}/lib

lock_file=$here/target/build.lock
future_sources=$here/target/build.ahead

# ---------------------------------------------------------------- out of date

sources_after() { # FILE -> the sources that are newer, one a line, each with its checksum
    find "$here"/pom.xml "$here"/*/pom.xml "$here"/*/src/main -newer "$1" \
        \( -type d -exec ls -ldn {} + -o -exec cksum {} + \) 2>/dev/null
}

# Sets reason. A jar carries the time at which its build began.
is_stale() {
    local known line
    reason='for the first time'
    [ -e "$server_jar" ] && [ -e "$wanted_jar" ] || return 0
    [ -z "${SOCKETZ_NO_BUILD:-}" ] || return 1 # set in images, by systemd, and by the tests that Maven runs
    # A source with a time in the future is newer than any build: it needs one only if its checksum has changed.
    known=$(cat "$future_sources" 2>/dev/null)
    while IFS= read -r line; do
        case $known in *"$line"*) continue ;; esac
        reason="because ${line#*"$here"/} has changed"
        return 0
    done < <(sources_after "$wanted_jar")
    return 1
}

# ---------------------------------------------------------------- one at a time

child='' # the process that works for us
locked=''

is_launcher() { # PID -> whether that is another launcher; after a restart, a dead one's id may be a daemon's, or ours
    local command
    [ "$1" != $$ ] || return 1
    kill -0 "$1" 2>/dev/null || [ -d "/proc/$1" ] || return 1
    command=$(ps -ww -o command= -p "$1" 2>/dev/null) || command=$(tr '\0' ' ' 2>/dev/null <"/proc/$1/cmdline")
    # It may have been started by a link with another name. Maven's own script comes before it.
    case $command in '' | *bash*socketz* | *bash*"${0##*/}"* | *maven* | *mvn*) ;; *) return 1 ;; esac
}

# The lock is a symbolic link to our process id: unlike a file, it has its content from the moment it exists.
lock() {
    local owner told='' tries=0
    [ -z "$locked" ] || return 0
    until ln -s $$ "$lock_file" 2>/dev/null; do
        if ! owner=$(readlink "$lock_file"); then # just released; or it cannot be created, for example on a full disk
            tries=$((tries + 1))
            [ $tries -lt 100 ] || die 1 "cannot create $lock_file: $(ln -s $$ "$lock_file" 2>&1)"
            continue
        fi
        if is_launcher "$owner"; then
            [ -n "$told" ] || say "waiting for the build of process $owner ..."
            told=1
            sleep 0.2
        elif mkdir "$lock_file.clear" 2>/dev/null; then # its owner is dead: one of the waiting processes removes it
            [ "$(readlink "$lock_file")" != "$owner" ] || rm -f "$lock_file"
            rmdir "$lock_file.clear"
        else # another one does; or we must not, or it died as well
            tries=$((tries + 1))
            [ $tries -lt 100 ] || die 1 "process $owner has left $lock_file behind: please remove it, and $lock_file.clear"
            sleep 0.2
        fi
    done
    locked=1
    trap unlock EXIT
    trap 'stop 129' HUP
    trap 'stop 130' INT
    trap 'stop 143' TERM
}

unlock() {
    [ -z "$locked" ] || rm -f "$lock_file"
    locked=''
    trap - EXIT HUP INT TERM
}

stop() { # STATUS: ends our child too, which would otherwise continue to write
    if [ -n "$child" ]; then
        kill "$child" 2>/dev/null
        wait "$child"
    fi 2>/dev/null
    exit "$1"
}

# ---------------------------------------------------------------- not while all is tested

verify_file=$here/target/verify.lock # a link as the lock, to the process that builds and tests everything
verifying=''

verify_runs() { # sets owner
    owner=$(readlink "$verify_file") && is_launcher "$owner"
}

begin_verify() { # waits for a build; then nobody else builds here
    local owner
    mkdir -p "$here/target"
    lock
    ! verify_runs || die 1 "process $owner already runs verify in $here: please wait, or use another checkout"
    ln -s -f -n $$ "$verify_file"
    verifying=1
    unlock
}

# ---------------------------------------------------------------- Maven

# Maven must create new files: a running server still loads classes from the old ones.
remove_jars() { rm -rf "$server_jar" "$all_jar" "$server_libraries" "$all_libraries"; }

become_maven() { # ARGUMENTS...: the wrapper's Maven, unless the one on the PATH is 3.8 or later
    local version
    version=$(JAVA_HOME=$java_home mvn -v 2>/dev/null | sed -n 's/.*Apache Maven \([0-9]*\)\.\([0-9]*\).*/\1 \2/p')
    cd "$here" || exit 1
    export JAVA_HOME=$java_home
    [ "$java_release" -lt 23 ] || export MAVEN_OPTS="${MAVEN_OPTS:-} $unsafe_allowed $native_access" # for the libraries of Maven
    case $version in
    '' | [0-2]\ * | 3\ [0-7]) set -- ./mvnw "$@" ;;
    *) set -- mvn "$@" ;;
    esac
    # The lock is Maven's then: it may go on when the launcher is killed.
    [ -z "$verifying" ] || exec sh -c 'ln -s -f -n $$ "$0"; exec "$@"' "$verify_file" "$@"
    exec "$@"
}

build() {
    local owner log=$here/target/build.log began=$here/target/build.began
    ! verify_runs ||
        die 1 "process $owner runs verify in $here, which a build would disturb: please wait, or use another checkout"
    say "building $reason; this takes half a minute, longer if Maven downloads; log: $log"
    touch "$began"
    sources_after "$began" >"$future_sources"
    (
        remove_jars
        # Both jars, whichever this command needs: the next command would otherwise build again, and so take the libraries
        # away from a server that is just starting.
        become_maven -q -B -ntp -DskipTests -DskipGates -pl socketz-it -am package
    ) </dev/null >"$log" 2>&1 &
    child=$!
    if ! wait $child; then
        grep -vE '^\[ERROR\] *($|To see the full|Re-run Maven|For more information|After correcting|(-> )?\[Help|  mvn )' \
            "$log" | tail -n 30 >&2
        die 1 "the build failed; its full output is in $log"
    fi
    child=''
    touch -c -r "$began" "$server_jar" "$all_jar"
}

need_build() { # finds a JDK, and builds if a source has changed; without write access it uses the build that is there
    if is_stale && [ -w "$here/socketz-server" ]; then
        need_java javac
        mkdir -p "$here/target"
        lock
        is_stale && build # unless another process has built while this one waited
    else
        need_java java
    fi
    [ -e "$server_jar" ] || die 2 "nothing is built, and $here is not writable: please build it as its owner"
}
