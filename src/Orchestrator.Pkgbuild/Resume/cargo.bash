# Stands before cargo in PATH while a package is built, and gives way to it: exec, with the same arguments.
# - What cargo compiles goes into the cache entry of the package: below target/PROFILE the folders deps, build, .fingerprint
#   and incremental are links to it. The rest of target, the finished programs above all, stays in the work directory.
# - cargo build says what it has finished, in JSON on its standard output, which is empty otherwise: into a file of the entry.
# Whatever goes wrong here, cargo is run as if this were not there. Nothing is printed.
# In the environment: ORCHESTRATOR_CACHE_ENTRY, srcdir.

__own=${BASH_SOURCE[0]%/*}
__entry=${ORCHESTRATOR_CACHE_ENTRY-}

# The next cargo in PATH that is none of ours.
__real() {
  local folder IFS=:
  for folder in $PATH; do
    [[ $folder && ! $folder -ef $__own && -x $folder/cargo && ! -d $folder/cargo && ! -e $folder/.orchestrator-shims ]] && { cargo=$folder/cargo; return; }
  done
  return 1
}

__real || { printf 'bash: cargo: command not found\n' >&2; exit 127; }

# Whether a path is inside of srcdir, whose own path may have links in it.
__inside() {
  local root
  root=$(cd -P -- "$srcdir" 2>/dev/null && pwd) || return
  [[ $1 == "$root"/* || $1 == "$srcdir"/* ]]
}

# Reads the arguments: what is to be done, for which profile and target, and what decides which crates there are.
__parse() {
  local argument
  subcommand='' profile='' triple=${CARGO_BUILD_TARGET-} target=${CARGO_TARGET_DIR-${CARGO_BUILD_TARGET_DIR-}}
  quiet='' position=0 selection=() toolchain=()
  while (($#)); do
    argument=$1
    shift
    ((++position))
    case $argument in
      --) break ;;
      +*) [[ $subcommand ]] || { toolchain=("$argument"); continue; } ;;&
      -r | --release) profile=release ;;
      --profile=*) profile=${argument#*=} ;;
      --profile) profile=${1-} ; shift; ((++position)) ;;
      --target=*) triple=${argument#*=}; selection+=("$argument") ;;
      --target) triple=${1-}; selection+=("$argument" "${1-}"); shift; ((++position)) ;;
      --target-dir=*) target=${argument#*=} ;;
      --target-dir) target=${1-}; shift; ((++position)) ;;
      --features | -F | --package | -p | --exclude | --manifest-path | --config | --color)
        selection+=("$argument" "${1-}"); shift; ((++position)) ;;
      --features=* | -F* | --package=* | -p* | --exclude=* | --manifest-path=* | --config=* | --all-features | --no-default-features | --workspace | --all | --locked | --offline | --frozen)
        selection+=("$argument") ;;
      --message-format* | --help | -h | --version | -V | --build-plan | --unit-graph | -Z* | --list) quiet=no ;;
      -C) return 1 ;;
      -*) ;;
      *) [[ $subcommand ]] || { subcommand=$argument; at=$position; } ;;
    esac
  done
  [[ $subcommand ]]
}

# Folders of cargo's own, by profile: https://doc.rust-lang.org/cargo/reference/build-cache.html
__folders() {
  case ${profile:-$subcommand} in
    release | bench) folder=release ;;
    dev | test | build | b | t | check | c | run | r | rustc | clippy | doc | d) folder=debug ;;
    install) folder=release ;;
    *) folder=$profile ;;
  esac
  [[ $folder && $folder != */* && $folder != .* ]] || return
  folders=("$folder")
  # A path to a target's own description gives a folder with its name.
  triple=${triple##*/}
  [[ $triple ]] && folders+=("${triple%.json}/$folder")
  return 0
}

# One folder of the entry for each toolchain, profile, set of features and place.
__key() {
  {
    "$cargo" "${toolchain[@]}" -vV
    "${RUSTC:-rustc}" "${toolchain[@]}" -vV
    printf '%s\0' "$target" "$folder" "$triple" "${RUSTC-}" "${RUSTC_WRAPPER-}" "${RUSTC_WORKSPACE_WRAPPER-}" "${RUSTFLAGS-}" "${CARGO_ENCODED_RUSTFLAGS-}" "${CARGO_BUILD_RUSTFLAGS-}"
    local argument
    for argument in "${selection[@]}"; do
      [[ $argument == --locked || $argument == --offline || $argument == --frozen ]] || printf '%s\0' "$argument"
    done
  } 2>/dev/null | sha256sum
}

__link() {
  local folder part key place
  for folder in "${folders[@]}"; do
    [[ -e $target/$folder || -L $target/$folder ]] && continue
    key=${key:-$(__key)} || return
    place=$__entry/cargo/${key:0:32}/$folder
    mkdir -p -- "$target/$folder" || return
    for part in deps build .fingerprint incremental; do
      mkdir -p -- "$place/$part" && ln -s -- "$place/$part" "$target/$folder/$part" || return
    done
    printf '%s\n' "$target/$folder" >>"$__own/.linked"
  done
}

# Which packages will be built: the names and versions of a build for this machine alone.
__count() {
  "$cargo" "${toolchain[@]}" tree --edges normal,build --prefix none --format '{p}' "${selection[@]}" 2>/dev/null |
    while read -r name version _; do
      # Between the members of a workspace there are empty lines.
      [[ $version ]] || continue
      printf '%s %s\n' "$name" "${version#v}"
    done | sort -u >>"$__entry/cargo-packages"
}

__prepare() {
  [[ -d $__entry && -w $__entry && $srcdir ]] || return
  case $subcommand in
    build | b | test | t | check | c | run | r | rustc | bench | clippy | install) ;;
    *) return 1 ;;
  esac
  __folders || return
  if [[ ! $target ]]; then
    local argument manifest=()
    for argument in "${!selection[@]}"; do
      case ${selection[argument]} in
        --manifest-path | --config) manifest+=("${selection[argument]}" "${selection[argument + 1]}") ;;
        --manifest-path=* | --config=*) manifest+=("${selection[argument]}") ;;
      esac
    done
    target=$("$cargo" "${toolchain[@]}" metadata --no-deps --offline --format-version 1 "${manifest[@]}" 2>/dev/null) || return
    [[ $target =~ \"target_directory\":\"(([^\"\\])*)\" ]] || return
    target=${BASH_REMATCH[1]}
  fi
  [[ $target == /* ]] || target=$PWD/$target
  [[ $target != *..* ]] && __inside "$target" || return
  __link
}

if [[ $__entry ]] && __parse "$@"; then
  if [[ $subcommand == clean ]]; then
    # Who asks for a clean build gets one: what the links lead to is not what cargo would remove.
    for folder in "$srcdir"/target "$PWD"/target "${target:-$PWD/target}"; do
      for part in "$folder"/*/{deps,build,.fingerprint,incremental} "$folder"/*/*/{deps,build,.fingerprint,incremental}; do
        [[ -L $part && $(readlink -- "$part") == "$__entry"/* ]] && rm -rf -- "$part"/ "$part" && mkdir -p -- "$part"
      done
    done 2>/dev/null
  elif __prepare 2>/dev/null && [[ ! $quiet ]] && [[ $subcommand == build || $subcommand == b ]]; then
    __count
    # shellcheck disable=SC2093 # If the file cannot be opened, the next exec does without it.
    { : >>"$__entry/cargo-messages"; } 2>/dev/null &&
      exec "$cargo" "${@:1:at}" --message-format=json-render-diagnostics "${@:at + 1}" >>"$__entry/cargo-messages"
  fi
fi
exec "$cargo" "$@"
