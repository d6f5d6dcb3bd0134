# Runs one function of a PKGBUILD as makepkg does: the whole file is sourced, so that helpers and variables are there, and
# the function is called with errexit and errtrace, but without nounset. The environment holds startdir, srcdir, pkgdirbase
# and pkgdir. Arguments: PKGBUILD FUNCTION REPORT PACKAGE PKGVER. PACKAGE and PKGVER may be empty. Into REPORT goes where it
# failed: a line number and a file, each ended by NUL.
set +o posix
umask 0022
# What the PKGBUILD adds to this is a part of what decides what is compiled.
[[ ! ${ORCHESTRATOR_CACHE_ENTRY-} ]] || export -p >"${3%/*}/environment" 2>/dev/null || :
__orchestrator=("$@" "$startdir" "$srcdir" "$pkgdirbase" "$pkgdir")
shift "$#"

__orchestrator_failed() {
  # A shell within this one that failed has said where, and ended with 4.
  if [[ $1 != 4 || ! -s ${__orchestrator[2]} ]]; then
    printf '%s\0' "$2" "$3" >"${__orchestrator[2]}"
  fi
  exit 4
}

# shellcheck disable=SC1090 # Any PKGBUILD.
if ! source "${__orchestrator[0]}"; then
  printf 'source\0' >"${__orchestrator[2]}"
  exit 12
fi

if [[ ${__orchestrator[3]} ]]; then
  # The first member only: makepkg's own loop over pkgname does the same.
  pkgname=${__orchestrator[3]}
fi
if [[ ${__orchestrator[4]} ]]; then
  pkgver=${__orchestrator[4]}
  pkgrel=1
fi
startdir=${__orchestrator[5]}
srcdir=${__orchestrator[6]}
pkgdirbase=${__orchestrator[7]}
pkgdir=${__orchestrator[8]}

shopt -s extglob
set -o errexit -o errtrace
trap '__orchestrator_failed "$?" "$LINENO" "${BASH_SOURCE[0]}"' ERR
"${__orchestrator[1]}"
