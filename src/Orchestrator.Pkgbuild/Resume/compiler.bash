# Stands before a compiler of C or C++ in PATH while a package is built, under its name. A plain compilation of one file is
# looked up by what decides it: the compiler, its arguments, the folder, the file, and what the preprocessor makes of it.
# What is found is copied to where it belongs, with the warnings that there were; what is not is compiled, and kept.
# Everything else is left to the compiler: exec, with the same arguments. Nothing is printed, and nothing fails for this.
# What is kept is named by its own digest, and gets its name when it is whole: a torn or damaged file is none.
# In the environment: ORCHESTRATOR_CACHE_ENTRY, and ORCHESTRATOR_CCACHE if there is a ccache.

__name=${0##*/}
__own=${BASH_SOURCE[0]%/*}
__entry=${ORCHESTRATOR_CACHE_ENTRY-}

__real() {
  local folder IFS=:
  for folder in $PATH; do
    [[ $folder && ! $folder -ef $__own && -x $folder/$__name && ! -d $folder/$__name && ! -e $folder/.orchestrator-shims ]] && { compiler=$folder/$__name; return; }
  done
  return 1
}

__real || { printf 'bash: %s: command not found\n' "$__name" >&2; exit 127; }

# Where ccache is installed it does all this, and better. It fails where it cannot write, though.
if [[ ${ORCHESTRATOR_CCACHE-} && -w $__entry && ! $compiler -ef $ORCHESTRATOR_CCACHE && -x $ORCHESTRATOR_CCACHE ]]; then
  exec "$ORCHESTRATOR_CCACHE" "$compiler" "$@"
fi

# Whether it is a plain compilation: -c, one source, and nothing that reads or writes files that are not known here.
__parse() {
  # Who preloads a library into compilers, or has them write more, wants them to run.
  [[ ! ${LD_PRELOAD-}${DEPENDENCIES_OUTPUT-}${SUNPRO_DEPENDENCIES-}${GCC_COMPARE_DEBUG-}${CCC_OVERRIDE_OPTIONS-}${CCC_ADD_ARGS-} ]] || return
  local argument next=''
  source='' output='' compiles='' wants='' names='' targets='' machine=''
  preprocess=()
  for argument; do
    case $next in
      output) output=$argument; next=''; continue ;;
      include) [[ ! -e $argument.gch && ! -e $argument.pch ]] || return ;;&
      names) names=$argument ;;&
      ?*) preprocess+=("$argument"); next=''; continue ;;
    esac
    case $argument in
      -c) compiles=yes; continue ;;
      -o) next=output; continue ;;
      -o?*) output=${argument#-o}; continue ;;
      -MD | -MMD) wants=yes ;;
      -MF) next=names ;;
      -MF?*) names=${argument#-MF} ;;
      -MT | -MQ) targets=yes next=value ;;
      -MT?* | -MQ?*) targets=yes ;;
      -MP | -Wa,--noexecstack | --sysroot=* | --param=* | --std=* | --target=*) ;;
      -Wp,-[DU]*,*) return 1 ;;
      -Wp,-[DU]*) ;;
      -m*=native) machine=yes ;;
      -include) next=include ;;
      -I | -D | -U | -imacros | -isystem | -iquote | -idirafter | -iprefix | -iwithprefix | -iwithprefixbefore | -isysroot | --sysroot | --param | -L | -u | -z | -A) next=value ;;
      # Other steps, other files, other places, other programs; and long options, which are other names of short ones.
      --* | -[BEPQSTdx]* | -M* | -W[ap],* | -X* | -save-temps* | -gsplit-dwarf* | -coverage | -f*coverage* | -f*profile* | -fbranch-probabilities | -fplugin* | -fpass-plugin* | -fdump-* | -f*-report* | -fstack-usage | -fcallgraph-info* | -f*module* | -fopt-info* | -f*optimization-record* | -fdiagnostics-format* | -fdiagnostics-add-output* | -ftime-* | -specs* | -wrapper | -mllvm | -arch | -aux-info* | -v | -'###' | -print-* | -include?* | -emit-* | -fsyntax-only | -fpreprocessed | -fdirectives-only | -fpch* | -f*=*/* | -ivfsoverlay* | -fsanitize-*list=* | -frandomize-layout* | -foffload* | -fcompare-debug* | -f*thinlto* | -no-integrated-cpp | -time* | -)
        [[ $argument == -f@(file|debug|macro|profile|coverage)-prefix-map=* || $argument == -fdebug-compilation-dir=* ]] || return ;;
      -*) ;;
      # What configure and its like try out is compiled faster than it is looked up.
      conftest.* | */conftest.* | *CMakeTmp/* | *CMakeScratch/* | *CompilerId* | */meson-private/*) return 1 ;;
      *.c | *.cc | *.cp | *.cxx | *.cpp | *.CPP | *.c++ | *.C)
        [[ ! $source ]] || return
        source=$argument ;;
      *) return 1 ;;
    esac
    preprocess+=("$argument")
  done
  [[ $compiles && $source && ! $next && $output != /dev/* && $output != - && $names != /dev/* && $names != - ]] || return
  local base=${source##*/}
  output=${output:-${base%.*}.o}
  [[ ! -e $output || -f $output ]] && [[ ! -L $output ]] || return
  if [[ $wants ]]; then
    # With -E there is no output to name the file of dependencies, and the target in it, after.
    local stem=${output##*/}
    [[ $names ]] || preprocess+=(-MF "${output%"$stem"}${stem%.*}.d")
    [[ $targets ]] || preprocess+=(-MQ "$output")
  else
    [[ ! $names && ! $targets ]] || return
  fi
}

# What "native" stands for: a home folder may be that of more than one machine.
__machine() {
  local line
  while read -r line && [[ $line ]]; do
    [[ $line == @(vendor_id|cpu family|model|flags|Features|CPU\ *)* ]] && identity+=$line
  done </proc/cpuinfo
}

__key() {
  local identity magic
  # What a script does as a compiler is not known.
  IFS= read -rN 2 magic <"$compiler" && [[ $magic != '#!' ]] || return
  identity=$(readlink -f -- "$compiler" && stat -L -c '%s %Y' -- "$compiler") || return
  # Who stands before the compiler itself keeps things of its own, and its program says nothing of the compiler's version.
  [[ ${identity%%$'\n'*} != */@(ccache|sccache|distcc|icecc|buildcache) ]] || return
  [[ ! $machine ]] || __machine
  : >"$text.begin" && "$compiler" "${preprocess[@]}" -fpch-preprocess -E </dev/null >"$text" 2>/dev/null || return
  # What the assembler includes, what is precompiled, and what can be read once only.
  LC_ALL=C grep -qE '\.inc(bin|lude)|^#pragma GCC pch_preprocess|^# [0-9]+ "/(dev|proc)/' -- "$text"
  [[ $? == 1 ]] || return
  # The file itself tells comments that compilers heed, and what they quote in warnings.
  key=$({ printf '%s\0' 1 "$compiler" "$identity" "$PWD" "${GCC_EXEC_PREFIX-}" "${COMPILER_PATH-}" "$@" && cat -- "$source" "$text"; } | sha256sum) &&
    key=${key%% *} && [[ ${#key} == 64 ]]
}

__record() {
  local now=${EPOCHREALTIME/[.,]/}
  printf '%s\t%s\t%s\t%s\n' "${now:0:-3}" "$1" "${source//[$'\t\n']/ }" "$key" >>"$__entry/steps"
}

__digest() {
  digest=$(sha256sum <"$1") && digest=${digest%% *}
}

# Copies what is kept, if it is whole, in one step: who reads the file meanwhile has the old one.
__reuse() {
  local kept=("$store/$key".*.o) beside=$output.$$~ object complaint warnings
  [[ -f ${kept-} ]] || return
  object=${kept##*/"$key".} object=${object%.o}
  complaint=${object#*.} object=${object%%.*}
  warnings=$store/$key.$complaint.txt
  # Room for a copy may be missing.
  cat <"$kept" >"$beside" && __digest "$beside" || { rm -f -- "$beside"; return 1; }
  if [[ $digest != "$object" ]] || { [[ $complaint != none ]] && { ! __digest "$warnings" || [[ $digest != "$complaint" ]]; }; }; then
    rm -f -- "$beside" "$kept" "$warnings"
    return 1
  fi
  mv -f -- "$beside" "$output" || { rm -f -- "$beside"; return 1; }
  __record reused
  [[ $complaint == none ]] || cat -- "$warnings" >&3
}

# Whether what was compiled is what was looked up: a header that came after may be in the object, and not in the key.
__is_settled() {
  local file files
  [[ $output -nt $text.begin ]] || return
  files=$(awk -F'"' '/^# [0-9]+ "/ && !seen[$2]++ { print $2 }' "$text") || return
  while IFS= read -r file; do
    [[ $file == '<'*'>' || $file == *// || $file -ot $text.begin ]] || return
  done <<<"$files"
}

__keep() {
  local unfinished=$__entry/objects/tmp/${text##*/} complaint=none
  __is_settled && { [[ -d $store ]] || mkdir -p -- "$store"; } || return
  if [[ -s $text.err ]]; then
    __digest "$text.err" && complaint=$digest && cp -- "$text.err" "$unfinished.txt" && mv -f -- "$unfinished.txt" "$store/$key.$complaint.txt" || return
  fi
  cp -- "$output" "$unfinished.o" && __digest "$unfinished.o" && [[ ! -s $claim ]] || { rm -f -- "$unfinished.o"; return; }
  mv -f -- "$unfinished.o" "$store/$key.$digest.$complaint.o" && __record built
}

# Of two that write the same file at once, one might keep what the other has half written: neither does. A claim stays
# until the next build begins; who comes later finds the object.
__claim() {
  claim=$__entry/objects/tmp/$key.claim
  [[ -d $__entry/objects/tmp ]] || mkdir -p -- "$__entry/objects/tmp"
  : >"$claim" || { printf 'contested\n' >>"$claim"; return 1; }
}

__compile() {
  local owns='' status
  __claim && owns=yes
  "$compiler" "$@" 2>>"$text.err"
  status=$?
  cat -- "$text.err" >&3
  ((status)) || [[ ! $owns ]] || __keep
  rm -f -- "$text" "$text.begin" "$text.err"
  exit "$status"
}

shopt -s extglob nullglob
set -o noclobber -o pipefail
text=${TMPDIR:-/tmp}/compile-$$-${EPOCHREALTIME/[.,]/}
if [[ $__entry && -d $__entry && -w $__entry ]] && __parse "$@" 2>/dev/null; then
  {
    if __key "$@"; then
      store=$__entry/objects/${key:0:2}
      if __reuse; then
        rm -f -- "$text" "$text.begin"
        exit 0
      fi
      # Nowhere to keep messages: the compiler prints them itself.
      { : >"$text.err"; } && __compile "$@"
    fi
    rm -f -- "$text" "$text.begin" "$text.err"
  } 3>&2 2>/dev/null
fi
exec "$compiler" "$@"
