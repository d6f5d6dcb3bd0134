#!/usr/bin/env bash
# Builds the packages in pkgbuilds/ (or what --target=NAME says; --description lists all).
# The host takes the place of this shell, so that whoever started it signals the host itself.
set -eu
cd "$(dirname "${BASH_SOURCE[0]}")"
host=artifacts/bin/Build/debug/Build.dll

compile() {
  # In a process group of its own (set -m), so that an abort ends the compilers too, and without server processes that
  # would outlive this script.
  set -m
  dotnet build build/Build.csproj -nologo -v quiet -nodeReuse:false -p:UseSharedCompilation=false >&2 &
  set +m
  trap 'abort 129' HUP
  trap 'abort 130' INT
  trap 'abort 143' TERM
  wait "$!"
  trap - HUP INT TERM
  touch "$host"
}

abort() {
  kill -KILL -- "-$!"
  exit "$1"
}

# Newer sources than the host? Starting the SDK only to be told "up to date" would take seconds.
if [ ! -e "$host" ] || [ -n "$(find build src ./*.props global.json -name bin -prune -o -name obj -prune -o -type f -newer "$host" -print -quit)" ]; then
  compile
fi
exec dotnet "$host" "$@"
