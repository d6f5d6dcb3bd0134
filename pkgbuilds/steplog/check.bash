# Tests of steplog. Usage: bash check.bash STEPLOG LIBRARY

set -o nounset -o pipefail
export LC_ALL=C

steplog=$1
export STEPLOG_LIBRARY=$2
# Beside the sources, so that a build that is killed takes it along.
log=$(mktemp "$PWD/check.XXXXXX") || exit
trap 'rm -f "$log"' EXIT
failures=0

# expect STATUS OUTPUT COMMAND...: standard output and standard error together.
expect() {
  local status=0 output
  output=$("${@:3}" 2>&1) || status=$?
  if [[ $status != "$1" || $output != $2 ]]; then
    failures=$((failures + 1))
    printf 'FAILED: %s\n  expected %s: %s\n  found    %s: %s\n' "${*:3}" "$1" "$2" "$status" "$output" >&2
  fi
}

expect 0 $'==> Says hello...\nhello' bash "$steplog" 'Says hello' echo hello
expect 0 hello bash "$steplog" -q 'Says hello' echo hello
expect 3 '==> Fails...'$'\n''==> ERROR: Fails failed with status 3 after [0-9].[0-9] s' \
  bash "$steplog" Fails bash -c 'exit 3'
expect 127 '*ERROR: Is missing failed with status 127*' bash "$steplog" 'Is missing' /nonexistent/command
expect 0 "==> Keeps words...
<a b><>" bash "$steplog" 'Keeps words' printf '<%s>' 'a b' ''

expect 2 $'==> ERROR: A step needs a name and a command\nTry*' bash "$steplog" 'No command'
expect 2 $'==> ERROR: Unknown option -x\nTry*' bash "$steplog" -x
expect 2 $'==> ERROR: Option -l needs a value\nTry*' bash "$steplog" -l
expect 0 'Usage: steplog *' bash "$steplog" -h

: > "$log"
expect 0 'one' bash "$steplog" -q -l "$log" $'First\tstep' echo one
STEPLOG_FILE=$log expect 4 '*failed with status 4*' bash "$steplog" -q 'Second step' bash -c 'exit 4'
expect 1 '     [0-9].[0-9] s  ok      First step
     [0-9].[0-9] s  failed  Second step (status 4)
     [0-9].[0-9] s  2 steps, 1 failed' bash "$steplog" -s "$log"

printf '0\t65550000\tLong\n1' > "$log"
expect 2 '    65.6 s  ok      Long
==> ERROR: *\(2\): not a line of a step log' bash "$steplog" -s "$log"
expect 2 '*No such file or directory' bash "$steplog" -s "$log.missing"

# The library alone, with a function as a step and all the strictness that a script may have.
library_works_in_a_strict_script() {
  bash -eu -o pipefail -c '
    source "$STEPLOG_LIBRARY"
    greet() { steplog_detail "Hello, $1"; steplog_warning "careful"; }
    steplog_run Greets greet "all of you"
    steplog_run Fails false || echo "still here: $?"'
}
expect 0 '==> Greets...
  -> Hello, all of you
==> WARNING: careful
==> Fails...
==> ERROR: Fails failed with status 1 after 0.0 s
still here: 1' library_works_in_a_strict_script

((failures == 0))
