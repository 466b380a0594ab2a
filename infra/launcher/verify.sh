# ./socketz verify: all tests, or the unit tests alone.
# shellcheck shell=bash

verify_usage() {
    cat <<'END'
Usage: ./socketz verify [--unit] [MAVEN ARGUMENT...]
Builds everything and runs all tests. If it can, it first installs the programs
that the tests need: telnet, nc, tmux, etcd, haproxy, openssl; chromium and
prometheus, without which the tests of the admin page, and of alerts and
dashboard, are skipped.

      --unit   run unit tests only, in about 90 s on two cores: no etcd, no
               haproxy, no style checks, no coverage
  -h, --help   show this help and exit

All other arguments go to Maven. To run one unit test or one integration test:

  ./socketz verify --unit -Dtest=LineFramerTest \
      -Dsurefire.failIfNoSpecifiedTests=false
  ./socketz verify -DskipGates -Dtest=none -Dit.test=NetcatIT \
      -Dsurefire.failIfNoSpecifiedTests=false
END
}

print_coverage() { # of each module that JaCoCo has measured
    local file module
    for file in "$here"/*/target/site/jacoco/jacoco.csv; do
        [ -e "$file" ] || continue
        module=${file#"$here"/}
        awk -F, -v module="${module%%/*}" 'NR > 1 { missed += $8; covered += $9 }
            END { if (missed + covered) printf "coverage  %-17s %5.1f %% of lines\n", module, 100 * covered / (missed + covered) }' "$file"
    done
}

verify() { # [--unit] MAVEN-ARGUMENT...
    local status
    case ${1:-} in
    -h | --help)
        verify_usage
        return
        ;;
    --unit)
        shift
        need_java javac
        begin_verify
        become_maven -B -ntp -T 2 -DskipGates test "$@"
        ;;
    esac
    need_java javac
    begin_verify
    need_tools telnet nc tmux etcd etcdctl openssl haproxy
    want_tools 'the tests of the admin page' chromium chromedriver
    want_tools 'the tests of alerts and dashboard' prometheus
    rm -f "$here"/*/target/site/jacoco/jacoco.csv
    remove_jars
    (become_maven -B -ntp -T 2 verify "$@")
    status=$?
    rm -f "$verify_file"
    print_coverage
    return $status
}
