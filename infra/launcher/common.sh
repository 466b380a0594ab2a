# Messages and the locale.
# shellcheck shell=bash

say() { printf 'socketz: %s\n' "$*" >&2; }

die() { # STATUS TEXT...
    local status=$1
    shift
    say "$@"
    exit "$status"
}

# A JVM decodes file names and arguments with the encoding of its locale. With ASCII it cannot open /home/josé, and cron,
# ssh and containers often leave it with that: they set no locale, or one that this machine does not have.
use_utf8() {
    local e=$'\303\251' candidate # é in UTF-8: one letter
    [ ${#e} -gt 1 ] || return 0
    [[ $'\351' != [[:alpha:]] ]] || return 0 # é in ISO 8859-1: such a locale loses no byte
    for candidate in C.UTF-8 en_US.UTF-8 ''; do
        [ -n "$candidate" ] || candidate=$(locale -a 2>/dev/null | grep -i -m 1 'utf-*8$')
        { LC_ALL=$candidate; } 2>/dev/null
        if [ ${#e} = 1 ]; then
            export LC_ALL
            return
        fi
    done
    unset LC_ALL
    case $here${HOME:-}${PWD:-} in
    *[!\ -~]*) die 2 "folder names here need a UTF-8 locale: please install one, such as en_US.UTF-8" ;;
    esac
}
