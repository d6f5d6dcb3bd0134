#!/usr/bin/env bash
# Compares `orchestrator srcinfo` with `makepkg --printsrcinfo` on every PKGBUILD under some folders (docs/reading.md).
set -uo pipefail

usage="Usage: ${0##*/} [--jobs N] [--seconds N] [--results DIR] DIR...

  DIR            a folder with PKGBUILDs, such as a clone of a collection
  --jobs N       how many PKGBUILDs at once (1)
  --seconds N    how long makepkg may take for one (20)
  --results DIR  keep what both printed there, and ask makepkg again only for a PKGBUILD that has changed
  ORCHESTRATOR   the command to compare; that of this repository, built in Release, if it is not set

makepkg runs a PKGBUILD's top level: it does so as nobody where the caller is root, and without a network where that
can be had. Ends with 0 if no PKGBUILD has another .SRCINFO, and none is refused by one of the two alone."

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export ORCHESTRATOR=${ORCHESTRATOR:-$here/artifacts/bin/Orchestrator.Cli/release/orchestrator}
export CARCH=x86_64 LC_ALL=C.UTF-8

# Prints "KIND<TAB>FILE<TAB>DETAILS" for one PKGBUILD.
compare_one() {
  local file=$1 folder key kept text ours theirs reason
  folder=$(dirname "$file")
  key=$(sha256sum <<<"$file" | cut -c1-16)
  kept=$RESULTS/$key
  text=$(sha256sum <"$file")
  if [ "$(cat "$kept.text" 2>/dev/null)" != "$text" ]; then
    (cd "$folder" && exec env -i PATH="$PATH" HOME="$SCRATCH" LC_ALL="$LC_ALL" CARCH="$CARCH" \
      BUILDDIR="$SCRATCH" PKGDEST="$SCRATCH" SRCDEST="$SCRATCH" SRCPKGDEST="$SCRATCH" LOGDEST="$SCRATCH" \
      timeout --kill-after=5 "$SECONDS_EACH" $AS_NOBODY makepkg --printsrcinfo) </dev/null >"$kept.printed" 2>"$kept.makepkg.errors"
    echo $? >"$kept.status"
    # What the PKGBUILD itself prints comes before it.
    sed -n '/^pkgbase = /,$p' "$kept.printed" >"$kept.makepkg"
    # What takes too long today may not tomorrow.
    [ "$(cat "$kept.status")" = 124 ] || echo "$text" >"$kept.text"
  fi
  theirs=$(cat "$kept.status")
  "$ORCHESTRATOR" srcinfo "$file" </dev/null >"$kept.orchestrator" 2>"$kept.orchestrator.errors"
  ours=$?
  reason=$(head -n 1 "$kept.orchestrator.errors")
  case $theirs:$ours in
    124:* | 137:*) echo "late	$file	makepkg did not end within $SECONDS_EACH s" ;;
    0:0)
      if cmp -s "$kept.makepkg" "$kept.orchestrator"; then
        echo "equal	$file	"
      else
        echo "different	$file	$(diff "$kept.makepkg" "$kept.orchestrator" | sed -n 's/^[<>]/&/p' | head -n 1)"
      fi ;;
    *:20)
      "$ORCHESTRATOR" srcinfo --evaluate "$file" </dev/null >"$kept.evaluated" 2>"$kept.evaluated.errors"
      ours=$?
      if [ "$theirs" -ne 0 ] && [ "$ours" -ne 0 ]; then
        echo "needs-refused	$file	$reason"
      elif [ "$theirs" -eq 0 ] && [ "$ours" -eq 0 ] && cmp -s "$kept.makepkg" "$kept.evaluated"; then
        echo "needs-equal	$file	$reason"
      else
        echo "needs-different	$file	$reason"
      fi ;;
    0:*) echo "only-orchestrator	$file	$reason" ;;
    *:0) echo "only-makepkg	$file	$(grep -m 1 ERROR "$kept.makepkg.errors")" ;;
    *) echo "both	$file	$reason" ;;
  esac
}

if [ "${1-}" = --one ]; then
  compare_one "$2"
  exit
fi

jobs=1 SECONDS_EACH=20 RESULTS=
while [[ ${1-} == --* ]]; do
  case $1 in
    --jobs) jobs=${2?"$usage"} ;;
    --seconds) SECONDS_EACH=${2?"$usage"} ;;
    --results) RESULTS=${2?"$usage"} ;;
    *) echo "$usage"; [ "$1" = --help ]; exit $(($? * 2)) ;;
  esac
  shift 2
done
if [ $# -eq 0 ]; then
  echo "$usage" >&2
  exit 2
fi

if [ ! -x "$ORCHESTRATOR" ] && ! command -v "$ORCHESTRATOR" >/dev/null; then
  echo "there is no $ORCHESTRATOR: dotnet build -c Release src/Orchestrator.Cli makes it" >&2
  exit 2
fi

SCRATCH=$(mktemp -d)
trap 'rm -rf "$SCRATCH"' EXIT
chmod 1777 "$SCRATCH"
RESULTS=${RESULTS:-$SCRATCH/results}
mkdir -p "$RESULTS"
RESULTS=$(cd "$RESULTS" && pwd)
AS_NOBODY=
if [ "$(id -u)" -eq 0 ]; then
  AS_NOBODY="setpriv --reuid=65534 --regid=65534 --clear-groups"
  unshare --net true 2>/dev/null && AS_NOBODY="unshare --net $AS_NOBODY"
elif unshare --user --net true 2>/dev/null; then
  AS_NOBODY="unshare --user --map-current-user --net"
fi
export SECONDS_EACH RESULTS SCRATCH AS_NOBODY

echo "| folder | PKGBUILDs | equal | different | needs evaluation | of these, equal with \`--evaluate\` | refused by both | refused by makepkg only | refused by us only | makepkg too slow |"
echo "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
all=$SCRATCH/all
: >"$all"
for folder in "$@"; do
  list=$SCRATCH/list
  find "$(cd "$folder" && pwd)" -name .git -prune -o -name PKGBUILD -type f -print0 | sort -z |
    xargs -0 -r -n 1 -P "$jobs" "${BASH_SOURCE[0]}" --one | sort -t '	' -k 2 >"$list"
  count() { grep -c "^\($1\)	" "$list"; }
  echo "| ${folder##*/} | $(wc -l <"$list") | $(count equal) | $(count different) | $(count 'needs-[a-z]*') | $(count needs-equal) | $(count both) | $(count only-makepkg) | $(count only-orchestrator) | $(count late) |"
  cat "$list" >>"$all"
done

echo
grep -v '^equal	' "$all" | sort -s -t '	' -k 1,1 | while IFS='	' read -r kind file details; do
  echo "- $kind: $file${details:+: $details}"
done
! grep -q '^\(different\|needs-different\|only-makepkg\|only-orchestrator\)	' "$all"
