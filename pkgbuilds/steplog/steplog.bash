# shellcheck shell=bash
# steplog - named steps with times and a log, for bash scripts. Source this file.
#
#   steplog_message TEXT           ==> TEXT
#   steplog_detail TEXT              -> TEXT
#   steplog_warning TEXT           ==> WARNING: TEXT, on standard error
#   steplog_error TEXT             ==> ERROR: TEXT, on standard error
#   steplog_run NAME COMMAND...    runs a command or function as a step; returns its status
#   steplog_summary FILE           a table of the steps in a log; status 1 if one of them failed
#
# STEPLOG_FILE   where steplog_run adds a line for each step: status, microseconds, name, between
#                tabs. Steps that end at the same time may share a log.
# STEPLOG_QUIET  if not empty, steps that succeed are not announced.
# NO_COLOR       if not empty, no colours, as also where the output is not a terminal.

# _steplog_print FD COLOUR PREFIX TEXT
_steplog_print() {
  if [[ -t $1 && -z ${NO_COLOR-} ]]; then
    printf '\e[1;%sm%s\e[0;1m %s\e[0m\n' "$2" "$3" "$4" >&"$1"
  else
    printf '%s %s\n' "$3" "$4" >&"$1"
  fi
}

steplog_message() { _steplog_print 1 32 '==>' "$1"; }
steplog_detail() { _steplog_print 1 34 '  ->' "$1"; }
steplog_warning() { _steplog_print 2 33 '==> WARNING:' "$1"; }
steplog_error() { _steplog_print 2 31 '==> ERROR:' "$1"; }

# _steplog_clock VARIABLE: microseconds since 1970, whatever the locale's decimal mark.
_steplog_clock() {
  printf -v "$1" '%s' "${EPOCHREALTIME//[!0-9]/}"
}

# _steplog_seconds VARIABLE MICROSECONDS: as 12.3
_steplog_seconds() {
  local tenths=$((($2 + 50000) / 100000))
  printf -v "$1" '%d.%d' "$((tenths / 10))" "$((tenths % 10))"
}

# A step that is a function runs without errexit, as always where its status is asked for:
# let its last command decide, or return early.
steplog_run() {
  local steplog_name=$1 steplog_status=0 steplog_start steplog_end steplog_time
  shift
  [[ -n ${STEPLOG_QUIET-} ]] || steplog_message "$steplog_name..."
  _steplog_clock steplog_start
  "$@" || steplog_status=$?
  _steplog_clock steplog_end

  if [[ -n ${STEPLOG_FILE-} ]]; then
    printf '%d\t%d\t%s\n' "$steplog_status" "$((steplog_end - steplog_start))" \
      "${steplog_name//[$'\t\n']/ }" >> "$STEPLOG_FILE" || return
  fi
  if ((steplog_status != 0)); then
    _steplog_seconds steplog_time "$((steplog_end - steplog_start))"
    steplog_error "$steplog_name failed with status $steplog_status after $steplog_time s"
  fi
  return "$steplog_status"
}

steplog_summary() {
  local status time name seconds total=0 failed=0 steps=0 line=0
  while IFS=$'\t' read -r status time name || [[ -n $status ]]; do
    line=$((line + 1))
    if [[ ! $status =~ ^[0-9]+$ || ! $time =~ ^[0-9]+$ || -z $name ]]; then
      steplog_error "$1($line): not a line of a step log"
      return 2
    fi
    _steplog_seconds seconds "$time"
    if ((status == 0)); then
      printf '%8s s  ok      %s\n' "$seconds" "$name"
    else
      printf '%8s s  failed  %s (status %d)\n' "$seconds" "$name" "$status"
      failed=$((failed + 1))
    fi
    steps=$((steps + 1))
    total=$((total + time))
  done < "$1" || return 2
  _steplog_seconds seconds "$total"
  printf '%8s s  %d steps, %d failed\n' "$seconds" "$steps" "$failed"
  ((failed == 0))
}
