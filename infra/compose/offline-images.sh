#!/usr/bin/env bash
# Builds stand-ins for the images that infra/compose takes from registries, for machines that reach a Debian mirror but
# no registry. They consist of Debian packages and this checkout. Both Dockerfiles stay unchanged.
#
#   ./offline-images.sh > standins.env    prints the variables of .env that name them
#   ./offline-images.sh debian DIR        the part that needs the mirror, but no Docker
#   ./offline-images.sh import DIR        the part that needs Docker, but no network
#
# One debootstrap serves all images. Each image is one layer with only the files that run, because with Docker's vfs
# storage driver every layer and every container is a full copy of all layers below it.
set -euo pipefail
unset CDPATH
here=$(cd "$(dirname "$0")" && pwd -P)
home=${here%/infra/compose}
say() { printf 'offline-images: %s\n' "$*" >&2; }

if [ "$(id -u)" != 0 ]; then
    say 'needs root, for debootstrap'
    exit 2
fi
umask 022 # the images are for every user
case ${1:-all} in
all)
    work=$(mktemp -d "${TMPDIR:-/tmp}/socketz-images.XXXXXX") # by itself, or a failure would not end this script
    set -- all "$work"
    ;;
debian | import) [ -d "${2:-}" ] || { say "usage: $0 [debian DIR | import DIR]"; exit 2; } ;;
*) say "usage: $0 [debian DIR | import DIR]"; exit 2 ;;
esac
step=$1
work=$2
root=$work/root
[ "$step" != all ] || trap 'rm -rf --one-file-system "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# ---------------------------------------------------------------- Debian

make_debian() {
    local release mirror
    "$home/socketz" tools debootstrap
    "$home/socketz" --version >/dev/null # builds the jars if a source has changed
    # The first release and mirror in apt's lists on this machine.
    # shellcheck disable=SC2016 # apt-get expands these
    read -r release mirror < <(apt-get indextargets --format '$(CODENAME) $(REPO_URI) $(COMPONENT) $(ORIGIN)' \
        'Created-By: Packages' | awk '$3 == "main" && $4 == "Debian" && $1 !~ /-/ { print $1, $2; exit }') || {
        say "the apt lists of this machine name no Debian release: please run apt-get update"
        exit 2
    }
    say "debootstrap of $release ..."
    debootstrap --variant=minbase --include=etcd-server,etcd-client,haproxy,default-jre-headless \
        "$release" "$root" "$mirror" >"$work/log" 2>&1 || {
        tail -n 3 "$work/log" >&2
        say "debootstrap failed"
        exit 1
    }
}

# ---------------------------------------------------------------- the images

import() { # NAME DOCKER-CHANGE [TAR-ARGUMENTS...]: makes an image of the files that tar packs
    local name=$1 change=$2
    shift 2
    tar -c "$@" | docker import --change "$change" - "$name" >/dev/null
    say "$name"
}

never=(--exclude=./usr/share/{doc,man,locale,info,fonts,zoneinfo} --exclude=./var/cache/apt --exclude=./var/lib/apt
    --exclude=./etc/apt --exclude=./proc/* --exclude=./sys/* --exclude=./dev/*)
java=(--exclude=./usr/lib/jvm)
etcd=(--exclude=./usr/bin/etcd*)
haproxy=(--exclude=./usr/sbin/haproxy)

make_images() {
    path='ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
    import standin-debian "$path" -C "$root" "${never[@]}" "${java[@]}" "${etcd[@]}" "${haproxy[@]}" .
    import standin-java "$path" -C "$root" "${never[@]}" "${etcd[@]}" "${haproxy[@]}" .
    import standin-haproxy 'USER haproxy' -C "$root" "${never[@]}" "${java[@]}" "${etcd[@]}" .
    import standin-etcd "$path" -C "$root" --transform 's|^\./usr/bin|usr/local/bin|' ./usr/bin/etcd ./usr/bin/etcdctl

    # Maven could download nothing, so this `mvn` replaces it: it copies the jars that the checkout has just built to
    # where the Dockerfile expects them.
    mkdir -p "$work/built" "$work/usr/bin"
    cp -r "$home/socketz-server/target/socketz-server.jar" "$home/socketz-server/target/lib" "$work/built/"
    printf '#!/bin/sh\nmkdir -p socketz-server/target && cp -r /built/* socketz-server/target/\n' >"$work/usr/bin/mvn"
    chmod 755 "$work/usr/bin/mvn"
    import standin-maven "$path" -C "$root" "${never[@]}" "${java[@]}" "${etcd[@]}" "${haproxy[@]}" . \
            -C "$work" ./built ./usr/bin/mvn

    cat <<END
BUILD_IMAGE=standin-maven
RUNTIME_IMAGE=standin-java
HAPROXY_IMAGE=standin-haproxy
ETCD_BINARIES=standin-etcd
ETCD_BASE=standin-debian
SOCKETZ_IMAGE=standin-socketz
ETCD_IMAGE=standin-socketz-etcd
END
}

[ "$step" = import ] || make_debian
[ "$step" = debian ] || make_images
