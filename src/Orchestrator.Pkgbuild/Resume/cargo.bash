# Stands before cargo in PATH while a package is built, and gives way to it, with the same arguments.
# - What earlier builds of the package have compiled comes from its cache entry into target/PROFILE before the first call.
#   What cargo finishes there is taken over into the entry by whoever started all this, for which a line in a file tells where.
# - cargo build says what it has finished, in JSON among its standard output: into a file of the entry.
# Whatever goes wrong here, cargo is run as if this were not there. Nothing is printed. All names begin with __: others may be
# exported, and build scripts would see them change.
# In the environment: ORCHESTRATOR_CACHE_ENTRY, ORCHESTRATOR_SRCDIR.

__own=${BASH_SOURCE[0]%/*}
__entry=${ORCHESTRATOR_CACHE_ENTRY-}
__srcdir=${ORCHESTRATOR_SRCDIR-}

# The next cargo in PATH that is none of ours.
__real() {
  local __folder IFS=:
  for __folder in $PATH; do
    [[ $__folder && ! $__folder -ef $__own && -x $__folder/cargo && ! -d $__folder/cargo && ! -e $__folder/.orchestrator-shims ]] &&
      { __cargo=$__folder/cargo; return; }
  done
  return 1
}

__real || { printf 'bash: cargo: command not found\n' >&2; exit 127; }

# Asks cargo something. What this prints, or installs, or fetches, is for the user's own call to do.
__probe() {
  RUSTUP_AUTO_INSTALL=0 "$__cargo" "${__toolchain[@]}" "$@" 2>/dev/null
}

# Whether a path is inside of srcdir, whose own path may have links in it.
__inside() {
  local __root
  __root=$(cd -P -- "$__srcdir" 2>/dev/null && pwd) || return
  [[ $1/ == "$__root"/* || $1/ == "$__srcdir"/* ]]
}

# Reads the arguments: what is to be done, for which profile and target, and what decides which crates there are.
__parse() {
  local __argument
  __subcommand='' __profile='' __triple=${CARGO_BUILD_TARGET-} __target=${CARGO_TARGET_DIR-${CARGO_BUILD_TARGET_DIR-}}
  __quiet='' __position=0 __selection=() __toolchain=()
  while (($#)); do
    __argument=$1
    shift
    ((++__position))
    case $__argument in
      --) break ;;
      +*) [[ $__subcommand ]] || { __toolchain=("$__argument"); continue; } ;;&
      -r | --release) __profile=release ;;
      --profile=*) __profile=${__argument#*=} ;;
      --profile) __profile=${1-} ; shift; ((++__position)) ;;
      --target=*) __triple=${__argument#*=}; __selection+=("$__argument") ;;
      --target) __triple=${1-}; __selection+=("$__argument" "${1-}"); shift; ((++__position)) ;;
      --target-dir=*) __target=${__argument#*=} ;;
      --target-dir) __target=${1-}; shift; ((++__position)) ;;
      --features | -F | --package | -p | --exclude | --manifest-path | --config | --color)
        __selection+=("$__argument" "${1-}"); shift; ((++__position)) ;;
      --features=* | -F* | --package=* | -p* | --exclude=* | --manifest-path=* | --config=* | --all-features | --no-default-features | --workspace | --all | --locked | --offline | --frozen)
        __selection+=("$__argument") ;;
      --message-format* | --help | -h | --version | -V | --build-plan | --unit-graph | -Z* | --list) __quiet=no ;;
      -C) return 1 ;;
      -*) ;;
      *) [[ $__subcommand ]] || { __subcommand=$__argument; __at=$__position; } ;;
    esac
  done
  [[ $__subcommand ]]
}

# Where cargo would compile to, and the root of the workspace.
__locate() {
  local __index __manifest=() __metadata
  for __index in "${!__selection[@]}"; do
    case ${__selection[__index]} in
      --manifest-path | --config) __manifest+=("${__selection[__index]}" "${__selection[__index + 1]}") ;;
      --manifest-path=* | --config=*) __manifest+=("${__selection[__index]}") ;;
    esac
  done
  __metadata=$(__probe metadata --no-deps --offline --format-version 1 "${__manifest[@]}") || return
  [[ $__metadata =~ \"workspace_root\":\"(([^\"\\])*)\" ]] || return
  __root=${BASH_REMATCH[1]}
  [[ $__target ]] && return
  [[ $__metadata =~ \"target_directory\":\"(([^\"\\])*)\" ]] || return
  __target=${BASH_REMATCH[1]}
}

# Folders of cargo's own, by profile: https://doc.rust-lang.org/cargo/reference/build-cache.html
__folders() {
  local __folder
  case ${__profile:-$__subcommand} in
    release | bench | install) __folder=release ;;
    dev | test | build | b | t | check | c | run | r | rustc | clippy | doc | d) __folder=debug ;;
    *) __folder=$__profile ;;
  esac
  [[ $__folder && $__folder != */* && $__folder != .* ]] || return
  __folders=("$__folder")
  # A path to a target's own description gives a folder with its name.
  __triple=${__triple##*/}
  [[ $__triple ]] && __folders+=("${__triple%.json}/$__folder")
  return 0
}

# What the PKGBUILD has changed in the environment that it was given. Build scripts may read any of it, and need not say so.
__changes() {
  LC_ALL=C comm -3 <(LC_ALL=C sort -- "$__own/../environment") <(export -p | LC_ALL=C sort) |
    grep -avE '^.?declare -x (PWD|OLDPWD|SHLVL|_|MAKEFLAGS|MFLAGS|MAKELEVEL|MAKE_TERM(OUT|ERR))(=|$)'
}

# One folder of the entry for each toolchain, profile, set of features, place, and environment.
__key() {
  local __argument __versions
  [[ -e $__own/../environment ]] || return
  __versions=$(__probe -vV && RUSTUP_AUTO_INSTALL=0 "${RUSTC:-rustc}" ${RUSTC:+"${__toolchain[@]}"} -vV) || return
  {
    printf '%s\0' "$__versions" "$__target" "${__folders[*]}" "${RUSTC-}" "${RUSTC_WRAPPER-}" "${RUSTC_WORKSPACE_WRAPPER-}" "${RUSTFLAGS-}" "${CARGO_ENCODED_RUSTFLAGS-}" "${CARGO_BUILD_RUSTFLAGS-}"
    for __argument in "${__selection[@]}"; do
      [[ $__argument == --locked || $__argument == --offline || $__argument == --frozen ]] || printf '%s\0' "$__argument"
    done
    # What links, and what says where libraries are.
    (PATH=:$PATH:; PATH=${PATH//":$__own:"/:}; stat -L -c '%n %s %Y' -- $(type -P cc gcc clang ld pkg-config))
    __changes
  } | sha256sum
}

# cargo never changes a library in place, so another name is enough for it; the rest is copied, with its times.
__copy() {
  mkdir -p -- "$2/deps" && cp -a -- "$1"/{.fingerprint,build,examples} "$2/" &&
    find "$1/deps" -type f ! -name '*.rlib' ! -name '*.rmeta' -exec cp -a -t "$2/deps" -- {} + &&
    { find "$1/deps" -type f \( -name '*.rlib' -o -name '*.rmeta' \) -exec cp -al -t "$2/deps" -- {} + ||
      find "$1/deps" -type f \( -name '*.rlib' -o -name '*.rmeta' \) -exec cp -a -t "$2/deps" -- {} +; }
}

__restore() {
  local __folder __place __to __line
  for __folder in "${__folders[@]}"; do
    __to=$__target/$__folder
    [[ -e $__to || -L $__to ]] && continue
    [[ $__hash ]] || __hash=$(__key) && [[ $__hash ]] || return
    __line=${__hash:0:32}/$__folder$'\t'$__to
    # What the build itself has removed is to be compiled anew.
    grep -sFxqe "$__line" -- "$__own/.restored" && continue
    __place=$__entry/cargo/${__hash:0:32}/$__folder
    mkdir -p -- "$__place"/{deps,build,.fingerprint,examples} "${__to%/*}" || return
    if [[ ! -e $__own/.clean ]]; then
      __copy "$__place" "$__to.orchestrator" && mv -T -- "$__to.orchestrator" "$__to" || rm -rf -- "$__to.orchestrator"
    fi
    printf '%s\n' "$__line" >>"$__own/.restored"
  done
}

# Whether a source may be another than the one that its time was given to, before build() began.
__changed() {
  local __path __name __names __besides=(-name .git -o -name Cargo.lock)
  [[ -e $__own/.sources ]] && __inside "$__root" || return 0
  while IFS=$'\t' read -r _ __path; do
    # What cargo itself puts beside the folders of profiles: of an earlier call, that is no change. Where a package is beside
    # them, its own folders may have these names.
    __names=(.rustc_info.json .rustdoc_fingerprint.json CACHEDIR.TAG)
    [[ -e ${__path%/*}/Cargo.toml ]] || __names+=(cargo-timings doc package tmp)
    __path=${__path//[\\*?\[]/\\&}
    __besides+=(-o -path "$__path")
    for __name in "${__names[@]}"; do
      __besides+=(-o -path "${__path%/*}/$__name")
    done
  done <"$__own/.restored"
  [[ $(find "$__srcdir" \( "${__besides[@]}" \) -prune -o ! -type d -cnewer "$__own/.sources" -print -quit) ]]
}

# cargo compares times alone: what earlier builds have compiled from files of the package's own is not used.
__distrust() {
  local __folder __place __file __line __unit __packages __id
  shopt -s nullglob
  for __folder in "${__folders[@]}"; do
    __place=$__target/$__folder
    __packages=$'\n'
    for __file in "$__place"/deps/*.d "$__place"/build/*/*.d; do
      [[ $__file =~ -([0-9a-f]{16})\.d$ ]] && IFS= read -r __line <"$__file" || continue
      __id=${BASH_REMATCH[1]}
      __line=" ${__line#*: }"
      [[ $__line == *" $__srcdir/"* || $__line =~ \ [^/\ ] ]] || continue
      for __unit in "$__place"/.fingerprint/*-"$__id"; do
        [[ $__packages == *$'\n'"${__unit%-*}"$'\n'* ]] || __packages+=${__unit%-*}$'\n'
      done
    done
    while IFS= read -r __file; do
      for __unit in "${__file:-/none}"-????????????????; do
        for __line in "$__unit"/*; do
          [[ $__line -nt $__own/.sources ]] && continue 2
        done
        rm -rf -- "$__unit" "$__place/build/${__unit##*/}"
      done
    done <<<"$__packages"
  done
}

# Which packages will be built: the names and versions of a build for this machine alone.
__count() {
  local __name __version __lock=$__root/Cargo.lock __offline=(--offline)
  [[ " ${__selection[*]} " == *\ --offline\ * || " ${__selection[*]} " == *\ --frozen\ * ]] && __offline=()
  # cargo tree may write it, and choose other versions than cargo build will: those that are here.
  [[ ! -e $__lock ]] || cp -p -- "$__lock" "$__own/.lock" || return
  __probe tree "${__offline[@]}" --edges normal,build --prefix none --format '{p}' "${__selection[@]}" |
    while read -r __name __version _; do
      # Between the members of a workspace there are empty lines.
      [[ $__version ]] || continue
      printf '%s %s\n' "$__name" "${__version#v}"
    done | sort -u >>"$__entry/cargo-packages"
  if [[ ! -e $__own/.lock ]]; then
    rm -f -- "$__lock"
  elif ! cmp -s -- "$__own/.lock" "$__lock"; then
    cp -p -- "$__own/.lock" "$__lock"
  fi
  rm -f -- "$__own/.lock"
}

__prepare() {
  [[ -d $__entry && -w $__entry && $__srcdir ]] || return
  case $__subcommand in
    build | b | test | t | check | c | run | r | rustc | bench | clippy | install) ;;
    *) return 1 ;;
  esac
  __folders && __locate || return
  [[ $__target == /* ]] || __target=$PWD/$__target
  [[ $__target != *..* ]] && __inside "$__target" && __restore || return
  if __changed; then
    # What is compiled now is not from the sources that are remembered.
    rm -f -- "$__entry/sources"
    __distrust
  fi
}

__hash=''
if [[ $__entry ]] && __parse "$@"; then
  if [[ $__subcommand == clean ]]; then
    : >"$__own/.clean" # who asks for a clean build gets one
  elif __prepare 2>/dev/null && [[ ! $__quiet ]] && [[ $__subcommand == build || $__subcommand == b ]]; then
    __count 2>/dev/null
    # Build scripts and macros may print something as well, and that is the user's.
    "$__cargo" "${@:1:__at}" --message-format=json-render-diagnostics "${@:__at + 1}" |
      tee -a -- "$__entry/cargo-messages" 2>/dev/null | grep -a --line-buffered -v '^{"reason":"'
    exit "${PIPESTATUS[0]}"
  fi
fi
exec "$__cargo" "$@"
