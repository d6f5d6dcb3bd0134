#!/usr/bin/env bash
# Builds the packages in pkgbuilds/ (or what --target=NAME says; --description lists all).
# The host takes the place of this shell, so that whoever started it signals the host itself. With `--then COMMAND...` that
# command does, once the host and so the addin are compiled; build.cake uses it.
set -eu
cd "$(dirname "${BASH_SOURCE[0]}")"
host=artifacts/bin/Build/debug/Build.dll

compile() {
  echo 'Compiling the build host...' >&2
  local log=artifacts/build-host.log
  mkdir -p artifacts
  # In a session of its own, so that an abort ends the compilers too and none of them touches the terminal; and without
  # server processes, which would outlive this script.
  setsid dotnet build build/Build.csproj -nologo -v quiet -nodeReuse:false -p:UseSharedCompilation=false </dev/null >"$log" 2>&1 &
  trap 'abort 129' HUP
  trap 'abort 130' INT
  trap 'abort 143' TERM
  wait "$!" || { cat "$log" >&2; exit 1; }
  trap - HUP INT TERM
  touch "$host"
}

abort() {
  kill -KILL -- "-$!"
  exit "$1"
}

# Newer sources than the host? Starting the SDK only to be told "up to date" would take seconds.
if [ ! -e "$host" ] || [ -n "$(find build src ./*.props ./*.targets global.json -name bin -prune -o -name obj -prune -o -type f -newer "$host" -print -quit)" ]; then
  compile
fi
if [ "${1-}" = --then ]; then
  exec "${@:2}"
fi
exec dotnet "$host" "$@"
