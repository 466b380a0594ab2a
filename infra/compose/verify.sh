#!/usr/bin/env bash
# Runs a whole session with the compose topology on real Docker, and says of each step whether it succeeded.
#
#   ./verify.sh [--standins] [--may-skip]
#
# Uses the Docker daemon of this machine if it answers, with the images of .env, or with --standins those of
# offline-images.sh. Otherwise root starts a temporary daemon and leaves nothing behind: it has its own network,
# processes and mounts (unshare), its data in a temporary directory, and the images of offline-images.sh. Without
# a daemon and without root, the exit status is 2, or 0 with --may-skip.
#
# shellcheck disable=SC2317 # check, await and traps call functions by name
set -uo pipefail
unset CDPATH
here=$(cd "$(dirname "$0")" && pwd -P)
home=${here%/infra/compose}
limit=900 # seconds, for everything after the download of Debian packages
say() { printf 'verify: %s\n' "$*" >&2; }

# ---------------------------------------------------------------- a daemon of our own

work=''
inside_pid=''
clean() {
    trap - EXIT
    [ -z "$inside_pid" ] || { kill "$inside_pid" && wait "$inside_pid"; } 2>/dev/null
    # unshare has ended all its processes and mounts, but its control groups and files are still there.
    find /sys/fs/cgroup -depth -type d -path "*/${work##*/}*" -exec rmdir {} + 2>/dev/null
    rm -rf --one-file-system "$work"
}

run_apart() {
    "$home/socketz" tools dockerd docker-compose debootstrap telnet || exit
    work=$(mktemp -d "${TMPDIR:-/tmp}/socketz-docker.XXXXXX") || exit
    trap clean EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    "$here/offline-images.sh" debian "$work" || exit
    timeout --foreground $limit unshare --net --pid --mount --fork --kill-child --mount-proc \
        "$here/verify.sh" --inside "$work" &
    inside_pid=$!
    wait $inside_pid
    status=$?
    inside_pid=''
    [ $status != 124 ] || say "took more than $limit s"
    exit $status
}

start_daemon() {
    mount -t tmpfs tmpfs /run # hides the sockets of this machine's daemons; containerd has some at a fixed path
    ip link set lo up
    export HOME=$work DOCKER_HOST=unix:///run/docker.sock
    # vfs copies the image for each layer and container, so use it only where overlay does not work: on top of itself.
    local driver=vfs
    mkdir "$work"/{lower,upper,work,merged}
    if mount -t overlay overlay -o "lowerdir=$work/lower,upperdir=$work/upper,workdir=$work/work" "$work/merged" 2>/dev/null; then
        umount "$work/merged"
        driver=overlay2
    fi
    dockerd --storage-driver=$driver --data-root="$work/data" --exec-root=/run/docker -p /run/docker.pid -H $DOCKER_HOST \
        --cgroup-parent="/${work##*/}" >"$work/dockerd.log" 2>&1 &
    daemon=$!
    await 60 'the daemon answers' docker version || { tail -n 5 "$work/dockerd.log"; exit 1; }
    say "Docker $(docker version --format '{{.Server.Version}}') with $driver"
    trap 'compose_down; kill $daemon; wait $daemon 2>/dev/null' EXIT
}

compose_down() { docker-compose down -v --remove-orphans -t 5 >/dev/null 2>&1; }

# ---------------------------------------------------------------- outcomes

failed=0
check() { # OUTCOME COMMAND...: says whether the command succeeds
    local outcome=$1
    shift
    if "$@" >"$log" 2>&1; then
        printf 'ok      %s\n' "$outcome"
    else
        printf 'FAILED  %s\n' "$outcome"
        sed 's/^/          /' "$log" | tail -n 15
        failed=1
    fi
}

await() { # SECONDS WHAT COMMAND...: until it succeeds
    local end=$((SECONDS + $1)) what=$2
    shift 2
    until "$@" >/dev/null 2>&1; do
        [ $SECONDS -lt $end ] || { echo "timed out: $what"; return 1; }
        sleep 0.2
    done
}

same() { [ "$1" = "$2" ] || { printf 'expected: %s\nbut was:  %s\n' "$2" "$1"; return 1; }; }

# ---------------------------------------------------------------- clients

connect() { # sets fd: a client that has been greeted
    local line=''
    # HAProxy closes a client whose server it marks down just then, and after a reload it has no address of a server until its
    # name server has answered: connect again, as a client does.
    for _ in 1 2 3; do
        exec {fd}<>/dev/tcp/localhost/4141 || return
        IFS= read -r -t 10 -u "$fd" line && break
        [ $? -le 128 ] || { echo 'no greeting'; return 1; }
        exec {fd}<&-
        sleep 0.5
    done
    same "$line" "use 'WHY', 'WHO', 'WHERE', 'QUIT'"
}

ask() { # FD REQUEST -> the first line of its answer
    local line
    printf '%s\n' "$2" >&"$1" && IFS= read -r -t 10 -u "$1" line && printf '%s\n' "$line"
}

count() { # FD -> the number of clients in the answer to WHO; checks that the list is as long
    local list number
    printf 'WHO\n' >&"$1"
    IFS= read -r -t 10 -u "$1" list && IFS= read -r -t 10 -u "$1" number || return
    same "$(grep -o "'[^']*'" <<<"$list" | wc -l)" "${number#connected clients: }" >&2 && echo "${number#connected clients: }"
}

has_count() { same "$(count "$1")" "$2"; }

is_closed() { # FD: whether the server or HAProxy closes it within 10 s
    local line status
    while IFS= read -r -t 10 -u "$1" line; do :; done
    status=$?
    [ $status -le 128 ] || { echo 'still open'; return 1; }
}

http() { # PATH [NAME:PASSWORD [PORT]] -> the whole response
    exec {web}<>"/dev/tcp/localhost/${3:-9000}" || return
    printf 'GET %s HTTP/1.0\r\n%s\r\n' "$1" "${2:+Authorization: Basic $(printf %s "$2" | base64)$'\r\n'}" >&"$web"
    timeout 10 cat <&"$web"
    exec {web}<&-
}

status_of() { # NAME -> status, check_status, agent_status, weight
    http "/stats;csv" admin:hodl | awk -F, -v name="$1" '
        /^# / { for (i = 1; i <= NF; i++) column[$i] = i }
        $1 == "servers" && $2 == name {
            print $column["status"], $column["check_status"], $column["agent_status"], $column["weight"]
        }'
}
# HAProxy says UP from the start, and its weight is 100 until the agent has answered. What counts is that both checks have
# passed and that the server accepts clients: one that has not joined the cluster yet answers `up 0%`.
is_up() { case $(status_of "$1") in UP*' L7OK L7OK '[1-9]*) ;; *) return 1 ;; esac; }
is_not_up() { case $(status_of "$1") in UP*) return 1 ;; esac; }

declare -A server # by id, the answer to WHERE: the server's name
clients=()        # descriptors
place=()          # the server of each

open_clients() { # HOW MANY: they join `clients`
    local i
    for ((i = 0; i < $1; i++)); do
        connect || { echo "client $i was not served"; return 1; }
        clients+=("$fd")
        place+=("${server[$(ask "$fd" WHERE)]:-unknown}")
    done
}

places() { printf '%s\n' "${place[@]}" | sort | uniq -c | awk '{ printf "%s%s %s", s, $2, $1; s = ", " }'; }

learn_names() { # reads the id of each server from its log
    local name id
    for name in server01 server02 server03; do
        id=$(docker logs $name 2>/dev/null | sed -n 's/.*, id //p' | tail -n 1)
        [ -n "$id" ] || { echo "no id in the log of $name"; return 1; }
        server[$id]=$name
    done
}

telnet_session() { # compares each line of the real telnet's output
    local line
    coproc telnet localhost 4141 2>&1
    # shellcheck disable=SC2154 # coproc sets it
    local in=${COPROC[0]} out=${COPROC[1]} pid=$COPROC_PID request pattern
    while IFS='|' read -r request pattern; do
        [ -z "$request" ] || printf '%s\n' "$request" >&"$out"
        IFS= read -r -t 10 -u "$in" line || { echo "expected: $pattern, but nothing came"; kill "$pid"; return 1; }
        line=${line%$'\r'}
        [[ $line =~ ^$pattern$ ]] || { same "$line" "$pattern"; kill "$pid"; return 1; }
    done <<'END'
|Trying .*
|Connected to localhost\.
|Escape character is .*
|use 'WHY', 'WHO', 'WHERE', 'QUIT'
WHO|client list: \{'[0-9.]+:[0-9]+'\}
|connected clients: 1
WHERE|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}
WHY|42
HELLO|invalid command: use 'WHY', 'WHO', 'WHERE', 'QUIT'
QUIT|Connection closed by foreign host\.
END
}

# ---------------------------------------------------------------- the session

is_gone() { # NAME: the clients of server NAME were closed; forgets them
    local i
    for i in "${!clients[@]}"; do
        if [ "${place[i]}" = "$1" ]; then
            is_closed "${clients[i]}" || return
            # shellcheck disable=SC1083,SC2093 # closes a descriptor; replaces no process
            exec {clients[i]}<&-
            unset "clients[i]" "place[i]"
        fi
    done
    clients=("${clients[@]}")
    place=("${place[@]}")
}

only() { # SERVER...: every client is on one of them
    local p
    for p in "${place[@]}"; do
        case " $* " in *" $p "*) ;; *) echo "a client is on $p; $(places)"; return 1 ;; esac
    done
}

kill_server01() {
    same "$(docker kill server01)" server01
}

no_ghosts() { # SECONDS: WHO lists the connected clients and no others
    await "$1" "WHO tells of ${#clients[@]}" has_count "${clients[0]}" "${#clients[@]}" ||
        { has_count "${clients[0]}" "${#clients[@]}"; return 1; }
}

reloaded() { docker logs haproxy01 2>&1 | grep -q 'clients stopped'; }

all_answer() {
    local f
    for f in "${clients[@]}"; do same "$(ask "$f" WHY)" 42 || return; done
}

all_ready() { # PORT: whether the server with that admin port says that all three are ready, and the page is there
    same "$(http /api/servers '' "$1" | grep -o '"state":"ready"' | wc -l)" 3 && answers '<title>' "$(http / '' "$1")"
}

reaches() { # NAME: whether a client reaches it. UP alone means little: HAProxy assumes that a new address is up.
    local id status
    learn_names && connect || return
    id=$(ask "$fd" WHERE)
    status=$?
    exec {fd}<&-
    [ $status = 0 ] && same "${server[$id]:-unknown}" "$1"
}

three_members() {
    local list
    list=$(docker exec etcd01 /bin/sh -c "export ETCDCTL_API=3 && /usr/local/bin/etcdctl member list") || return
    echo "$list"
    [ "$(grep -cE ', started, etcd0[123], ' <<<"$list")" = 3 ]
}

has_failed_checks() { # SERVER
    [ "$(docker inspect -f '{{.State.Health.FailingStreak}}' "$1")" -gt 0 ]
}

has_no_zombies() { # SERVER
    same "$(docker exec "$1" bash -c 'cat /proc/[0-9]*/status | grep -c "^State:.Z"')" 0
}

stopped_in_order() { same "$(docker inspect -f '{{.State.ExitCode}} {{.State.OOMKilled}}' "$1")" '0 false'; }

answers() { grep -q "$1" <<<"$2" || { head -n 3 <<<"$2"; return 1; }; }

session() {
    local name
    check 'docker-compose up -d' docker-compose up -d
    [ $failed = 0 ] || return
    for name in server01 server02 server03; do
        check "HAProxy has $name up" await 60 up is_up $name
    done
    [ $failed = 0 ] || { docker-compose ps; docker-compose logs --tail=5; return; }
    check 'telnet localhost 4141: WHO, WHERE, WHY, an invalid command, QUIT' telnet_session
    check 'each server says who it is' await 60 'an id in each log' learn_names

    check 'six clients are served' open_clients 6
    # Usually two each, because so few do not change what an agent reports. It matters only that each server has some.
    check 'by all servers: roundrobin' answers 'server01 .*server02 .*server03 ' "$(places)"
    # A server is up before it has joined the cluster, which has to wait for etcd's leader.
    check 'WHO of one server tells of all six' no_ghosts 60

    check '/stats without a password is refused' answers ' 401 ' "$(http /stats)"
    check '/stats with admin:hodl shows the servers' answers 'server03' "$(http /stats admin:hodl)"
    check '/metrics is for Prometheus' answers '^haproxy_server_status{proxy="servers",server="server01"' "$(http /metrics)"

    check 'the admin port of server02 says that all three are ready' await 10 'three' all_ready 9152

    check 'docker kill server01' kill_server01
    local killed=$SECONDS
    check 'new connections go to healthy servers only: six at once after that' open_clients 6
    check 'clients of server01 are closed' is_gone server01
    check 'all others are on healthy servers' only server02 server03
    # SECONDS counts whole seconds: one more for the second that had begun.
    check 'WHO has no ghost after the TTL of 5 s and 1 s' no_ghosts $((killed + 7 - SECONDS))
    check 'HAProxy has server01 down' await 10 down is_not_up server01

    check 'docker exec etcd01 ... member list: three members' three_members

    check 'docker-compose stop server02' docker-compose stop server02
    check 'server02 ended in order: exit status 0' stopped_in_order server02
    check 'clients of server02 are closed' is_gone server02
    check 'new connections go to server03' open_clients 2
    check 'where all are now' only server03
    check 'WHO has no ghost of it' no_ghosts 10

    check 'docker-compose start server02' docker-compose start server02
    check 'docker start server01' docker start server01
    for name in server01 server02; do
        check "new connections reach $name again" await 60 "a client of $name" reaches $name
    done
    check 'six more clients are served' open_clients 6
    check 'by all servers' answers 'server01 .*server02 .*server03 ' "$(places)"
    check 'WHO tells of all clients' no_ghosts 60

    # A frozen server does nothing, but the kernel still accepts connections for it.
    check 'docker kill -s STOP server02' docker kill -s STOP server02
    check 'clients of server02, which is frozen, are closed' is_gone server02
    check 'new connections go to healthy servers only: three' open_clients 3
    check 'all are on healthy servers' only server01 server03
    check 'Docker kills a health check of server02' await 60 'one' has_failed_checks server02
    check 'docker kill -s CONT server02' docker kill -s CONT server02
    check 'and that leaves no zombie' has_no_zombies server02
    check 'new connections reach server02 again' await 60 'a client of server02' reaches server02
    check 'WHO has no ghost of it, and misses nobody' no_ghosts 60

    # Without a network, nothing refuses or closes a connection.
    check 'docker network disconnect ... server03' docker network disconnect ${COMPOSE_PROJECT_NAME}_default server03
    check 'new connections go to healthy servers only: six at once after that' open_clients 6
    check 'clients of server03 are closed' is_gone server03
    check 'all others are on healthy servers' only server01 server02
    check 'WHO has no ghost of it' no_ghosts 10

    check 'a reload of HAProxy: docker kill -s USR2 haproxy01' docker kill -s USR2 haproxy01
    check 'meanwhile six clients are served' open_clients 6
    check 'there is another process for new clients' await 10 'a second one' reloaded
    check 'clients from before and from now are answered' all_answer
}

# ---------------------------------------------------------------- the flow

standins=''
may_skip=''
inside=''
while [ $# -gt 0 ]; do
    case $1 in
    --standins) standins=1 ;;
    --may-skip) may_skip=1 ;;
    --inside)
        inside=1
        work=$2
        shift
        ;;
    *)
        say "usage: $0 [--standins] [--may-skip]"
        exit 2
        ;;
    esac
    shift
done

cd "$here" || exit
# Before any trap: what it takes down must never be a project of the user's. The Dockerfiles work with both builders; with
# this one, docker-compose 1.29 needs no plugin of the docker command.
export COMPOSE_PROJECT_NAME=socketz-verify COMPOSE_DOCKER_CLI_BUILD=0
if [ -n "$inside" ]; then
    start_daemon
    variables=$("$here/offline-images.sh" import "$work") || exit
elif timeout 10 docker version >/dev/null 2>&1; then
    "$home/socketz" tools docker-compose telnet || exit
    for name in etcd0{1,2,3} server0{1,2,3} haproxy01; do
        if docker inspect $name >/dev/null 2>&1; then
            say "there is a container $name already: please remove it first"
            exit 2
        fi
    done
    work=$(mktemp -d "${TMPDIR:-/tmp}/socketz-docker.XXXXXX") || exit
    trap 'compose_down; rm -rf "$work"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    variables=''
    [ -z "$standins" ] || variables=$("$here/offline-images.sh") || exit
elif [ "$(id -u)" = 0 ]; then
    run_apart
elif [ -n "$may_skip" ]; then
    say 'skipped: no Docker daemon answers, and starting one needs root'
    exit 0
else
    say 'no Docker daemon answers, and starting one needs root'
    exit 2
fi
log=$work/step.log
set -a
eval "$variables"
set +a
session
if [ $failed = 0 ]; then say 'all steps succeeded'; else say 'a step failed'; fi
exit $failed
