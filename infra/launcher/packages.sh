# Programs that may be missing, and their installation with apt-get, dnf or Homebrew.
# shellcheck shell=bash

packages='
#              apt-get                  dnf                        brew
jdk            openjdk-17-jdk-headless  java-17-openjdk-devel      openjdk
newer-jdk      default-jdk-headless     java-latest-openjdk-devel  openjdk
telnet         telnet                   telnet                     telnet
nc             netcat-openbsd           nmap-ncat                  netcat
tmux           tmux                     tmux                       tmux
etcd           etcd-server              etcd                       etcd
etcdctl        etcd-client              etcd                       etcd
haproxy        haproxy                  haproxy                    haproxy
openssl        openssl                  openssl                    openssl
curl           curl                     curl                       curl
nft            nftables                 nftables                   nftables
dockerd        docker.io                moby-engine                docker
docker-compose docker-compose           docker-compose             docker-compose
debootstrap    debootstrap              debootstrap                debootstrap
chromium       chromium                 chromium                   chromium
chromedriver   chromium-driver          chromedriver               chromedriver
prometheus     prometheus               golang-github-prometheus   prometheus
'

package_names() { # MANAGER PROGRAM... -> its packages for these programs
    local column=2 manager=$1
    shift
    case $manager in dnf) column=3 ;; brew) column=4 ;; esac
    printf '%s' "$packages" | awk -v c=$column -v programs=" $* " \
        'index(programs, " " $1 " ") { printf "%s%s", s, $c; s = " " }'
}

install() { # PROGRAM...: installs their packages, or says exactly what to install and exits
    local manager='' names become_root='' options=(-y) output own m
    for m in apt-get dnf brew; do
        if command -v $m >/dev/null; then
            manager=$m
            break
        fi
    done
    [ -n "$manager" ] || die 2 "needs $(package_names apt-get "$@"): please install (Debian package names)"
    names=$(package_names "$manager" "$@")
    if [ "$manager" = brew ]; then
        options=()
    elif [ "$(id -u)" != 0 ]; then
        sudo -n true 2>/dev/null || die 2 "needs $names: please run: sudo $manager install -y $names"
        become_root='sudo -n'
    fi
    say "installing $names with $manager ..."
    if [ "$manager" = apt-get ]; then
        # The package lists of a new machine are empty, and those of an old one out of date.
        $become_root apt-get update -qq </dev/null >/dev/null 2>&1
        become_root="$become_root env DEBIAN_FRONTEND=noninteractive"
        # With chromium come a desktop, 132 packages instead of 27, and with prometheus a service that listens everywhere.
        case " $names " in *" chromium"* | *" prometheus "*) options+=(--no-install-recommends) ;; esac
    fi
    own=$(active_services)
    # shellcheck disable=SC2086 # lists of words
    if ! output=$($become_root "$manager" install ${options[@]+"${options[@]}"} $names 2>&1 </dev/null); then
        say "$manager could not install $names:"
        printf '%s\n' "$output" | tail -n 3 >&2
    fi
    [ "$manager" != apt-get ] || stop_services "$own"
}

active_services() { # -> those that packages of ours may start
    local service
    command -v systemctl >/dev/null || return 0
    for service in etcd haproxy prometheus docker.socket docker containerd; do
        ! systemctl is-active --quiet "$service" 2>/dev/null || printf ' %s ' "$service"
    done
}

# Debian starts a service with its package: on the ports that `up` wants, and again at every boot.
stop_services() { # SERVICES: all that run now but these, which are the user's; uses become_root
    local service started=''
    for service in $(active_services); do
        case $1 in *" $service "*) ;; *) started="$started $service" ;; esac
    done
    [ -n "$started" ] || return 0
    # shellcheck disable=SC2086 # lists of words
    $become_root systemctl disable --now --quiet $started </dev/null >/dev/null 2>&1 &&
        say "stopped the services that came with the packages:$started"
}

need_tools() { # PROGRAM...: installs those that are missing
    local tool missing=''
    for tool in "$@"; do
        command -v "$tool" >/dev/null || missing="$missing $tool"
    done
    [ -n "$missing" ] || return 0
    # shellcheck disable=SC2086 # a list of words
    install $missing
    for tool in $missing; do
        command -v "$tool" >/dev/null || die 2 "needs $tool, which could not be installed"
    done
}

want_tools() { # WHAT PROGRAM...: the same, but goes on without them, and without WHAT
    local what=$1
    shift
    (need_tools "$@") || say "continuing without $what"
}
