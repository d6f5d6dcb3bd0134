#!/bin/sh
# Makes proc-snapshot.tar.gz, the /proc that `make check` reads: the same bytes on every run.
# Run it after a change below, then put the new sum into the PKGBUILD.

set -eu
cd "$(dirname "$0")"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
proc=$work/proc-snapshot

# process PID NAME STATE PPID PGID SID [ARG...]
process() {
  mkdir -p "$proc/$1"
  printf '%s (%s) %s %s %s %s 0 -1 4194560 100 0 0 0\n' "$1" "$2" "$3" "$4" "$5" "$6" > "$proc/$1/stat"
  pid=$1
  shift 6
  : > "$proc/$pid/cmdline"
  if [ $# -gt 0 ]; then
    printf '%s\0' "$@" > "$proc/$pid/cmdline"
  fi
}

process 1 init S 0 1 1 /sbin/init
process 2 kthreadd S 0 0 0
process 100 bash S 1 100 100 -bash
process 200 'make) (1' S 100 200 100 make -j2
process 210 cc S 200 200 100 cc -c 'a b.c'
process 211 cc1 R 210 200 100 cc1 a.c
process 212 cc Z 200 200 100
process 220 daemon S 200 220 220 daemon --fork
process 221 worker T 220 220 220 worker "$(printf 'odd\tname\033')"
# Two processes that are each other's parent: a pid was reused while the snapshot was taken.
process 301 ring S 302 301 301 ring one
process 302 ring S 301 301 301 ring two
printf '12345.67 89012.34\n' > "$proc/uptime"

tar --create --directory "$work" --format ustar --sort name --mtime @0 --mode u=rwX,go=rX \
  --owner 0 --group 0 --numeric-owner proc-snapshot | gzip -9 --no-name > proc-snapshot.tar.gz
