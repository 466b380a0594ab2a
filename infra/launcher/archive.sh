# The class-data archive, which makes later starts faster: docs/decisions/0004-launcher.md.
# shellcheck shell=bash

name_archive() { # An archive fits one JVM and one place of the jars.
    archive=$here/target/cds-$({
        printf '%s\n' "$java_home" "$server_jar"
        cat "$java_home/release" 2>/dev/null
    } | cksum | tr ' ' -).jsa
}

lacks_archive() { # An empty archive means that training failed: it is not tried again until a jar changes.
    local file
    [ -e "$archive" ] || return 0
    for file in "$java_home/lib/modules" "$server_jar" "$server_libraries"/*.jar; do
        [ "$file" -nt "$archive" ] && return 0
    done
    return 1
}

unset_user_settings() { # Training must neither join the user's cluster nor load the user's agents.
    local name
    for name in ${!SOCKETZ_@} $jvm_variables; do unset "$name"; done
}

become_trainee() { # JVM-FLAG ARGUMENTS...: the server's jar alone
    unset_user_settings
    class_path=$server_jar
    start_class=$server_class
    jvm_flags[${#jvm_flags[@]}]=$1
    shift
    become_java "$@"
}

train() { # Creates the archive from the classes that a server loads in a short session.
    local log=$archive.log list=$archive.list port='' tries=0
    rm -f "$archive.new" "$list"
    # A server of a cluster loads the most classes. No etcd has this port, so it joins none.
    become_trainee "-XX:DumpLoadedClassList=$list" serve -p 0 -H 127.0.0.1 \
        --state etcd --etcd http://127.0.0.1:1 </dev/null >"$log" 2>&1 &
    child=$!
    while ! grep -qs '(--etcd)' "$log" && [ $tries -lt 200 ] && kill -0 $child 2>/dev/null; do
        sleep 0.05
        tries=$((tries + 1))
    done
    port=$(sed -n 's/.*listening on .*:\([0-9][0-9]*\).*/\1/p' "$log")
    [ -z "$port" ] || run_session "$port" 2>/dev/null
    kill $child 2>/dev/null
    tries=0
    while [ $tries -lt 100 ] && kill -0 $child 2>/dev/null; do
        sleep 0.05
        tries=$((tries + 1))
    done
    kill -9 $child 2>/dev/null # a server that does not stop must not delay the start that it should make faster
    wait $child 2>/dev/null
    # From a list, and not at the exit of the session: only this archives classes compiled for Java 5, as picocli's are.
    # A JVM that crashes at this would leave its report in the user's folder.
    (
        unset_user_settings
        # shellcheck disable=SC2086 # a list of words
        exec "$java_home/bin/java" $jvm_words -Xshare:dump "-XX:SharedClassListFile=$list" \
            "-XX:SharedArchiveFile=$archive.new" "-XX:ErrorFile=$archive.crash" \
            -cp "$server_jar"
    ) </dev/null >>"$log" 2>&1 &
    child=$!
    wait $child
    child=''
    rm -f "$list"
    # A full disk leaves half an archive, which may crash a JVM: keep it only if it runs once.
    { [ -s "$archive.new" ] &&
        (become_trainee "-XX:SharedArchiveFile=$archive.new" --version) </dev/null >>"$log" 2>&1; } ||
        : >"$archive.new"
    mv -f "$archive.new" "$archive"
}

run_session() ( # PORT: a client of the server; uses bash alone, because no other program may be there
    exec 3<>"/dev/tcp/127.0.0.1/$1" || exit
    printf 'WHO\r\nWHERE\r\nWHY\r\nQUIT\r\n' >&3
    while read -r -t 2 <&3; do :; done
)

need_archive() { # names the archive, and trains if there is none that fits and it can be written
    name_archive
    if lacks_archive && [ -w "$here/target" ]; then
        lock
        lacks_archive && train # unless another process has trained while this one waited
    fi
}
