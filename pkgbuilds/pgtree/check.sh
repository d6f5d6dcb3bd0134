#!/bin/sh
# Runs PGTREE on a snapshot of /proc. Usage: check.sh PGTREE SNAPSHOT

set -eu
pgtree=$1
snapshot=$2
failures=0

# expect STATUS [ARG...]: what must be printed comes from standard input.
expect() {
  wanted_status=$1
  shift
  wanted=$(cat)
  status=0
  found=$("$pgtree" -r "$snapshot" "$@" 2>&1) || status=$?
  if [ "$status" -ne "$wanted_status" ] || [ "$found" != "$wanted" ]; then
    failures=$((failures + 1))
    printf 'FAILED: pgtree %s\nexpected, with status %s:\n%s\nfound, with status %s:\n%s\n' \
      "$*" "$wanted_status" "$wanted" "$status" "$found" >&2
  fi
}

expect 0 << 'END'
    PID    PGID     SID S  COMMAND
      1       1       1 S  /sbin/init
    100     100     100 S* `- -bash
    200     200     100 S*    `- make -j2
    210     200     100 S*       `- cc -c a b.c
    211     200     100 R*          `- cc1 a.c
    220     220     220 S*       `- daemon --fork
    221     220     220 T*          `- worker odd?name?
      2       0       0 S  [kthreadd]
    301     301     301 S  ring one
    302     301     301 S  `- ring two
END

expect 0 -d 200 << 'END'
    PID    PGID     SID S  COMMAND
    200     200     100 S  make -j2
    210     200     100 S  `- cc -c a b.c
    211     200     100 R     `- cc1 a.c
    220     220     220 S* `- daemon --fork
    221     220     220 T*    `- worker odd?name?
END

expect 0 -z -g 200 << 'END'
    PID    PGID     SID S  COMMAND
    200     200     100 S  make -j2
    210     200     100 S  `- cc -c a b.c
    211     200     100 R     `- cc1 a.c
    212     200     100 Z  `- [cc]
END

expect 0 -s 220 << 'END'
    PID    PGID     SID S  COMMAND
    220     220     220 S  daemon --fork
    221     220     220 T  `- worker odd?name?
END

expect 0 -q -g 200 < /dev/null
expect 1 -g 999 < /dev/null
expect 1 -q -d 212 < /dev/null
expect 0 -q -z -d 212 < /dev/null

expect 2 -g 0 << 'END'
pgtree: not a process number: '0'
Try 'pgtree -h'.
END

expect 2 -g 200 -s 100 << 'END'
pgtree: only one of -d, -g and -s can be given
Try 'pgtree -h'.
END

expect 2 -r /nonexistent << 'END'
pgtree: /nonexistent: No such file or directory
END

# The real /proc: this shell is there, and is its own descendant.
"$pgtree" -q -d $$ || { echo 'FAILED: this shell is not in /proc' >&2; failures=$((failures + 1)); }

[ "$failures" -eq 0 ]
