# Stands before a compiler of C or C++ in PATH while a package is built, under its name. A plain compilation of one file is
# looked up by what decides it: the compiler, its arguments, the folder, and the text that the preprocessor makes of the file.
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

# Where ccache is installed it does all this, and better.
if [[ ${ORCHESTRATOR_CCACHE-} && $__entry && ! $compiler -ef $ORCHESTRATOR_CCACHE && -x $ORCHESTRATOR_CCACHE ]]; then
  exec "$ORCHESTRATOR_CCACHE" "$compiler" "$@"
fi

# Whether it is a plain compilation: -c, one source, and nothing that reads or writes files that are not known here.
__parse() {
  local argument next=''
  source='' output='' compiles='' wants='' names='' targets='' machine=''
  preprocess=()
  for argument; do
    case $next in
      output) output=$argument; next=''; continue ;;
      names) names=$argument ;;&
      names | targets | value) preprocess+=("$argument"); next=''; continue ;;
    esac
    case $argument in
      -c) compiles=yes; continue ;;
      -o) next=output; continue ;;
      -o?*) output=${argument#-o}; continue ;;
      -MD | -MMD) wants=yes ;;
      -MF) next=names ;;
      -MF?*) names=${argument#-MF} ;;
      -MT | -MQ) targets=yes next=targets ;;
      -MT?* | -MQ?*) targets=yes ;;
      -MP | -Wp,-[DU]* | -Wa,--noexecstack) ;;
      -m*=native) machine=yes ;;
      -I | -D | -U | -include | -imacros | -isystem | -iquote | -idirafter | -iprefix | -iwithprefix | -iwithprefixbefore | -isysroot | --sysroot | --param | -L | -B | -T | -u | -z | -A) next=value ;;
      # Other steps, other files, other places, other programs.
      -E | -S | -M* | -x* | -save-temps* | --save-temps* | -gsplit-dwarf* | --coverage | -coverage | -ftest-coverage | -fprofile* | -fbranch-probabilities | -fauto-profile* | -fplugin* | -fdump-* | -fstack-usage | -fcallgraph-info* | -fmodule* | -fmodules* | -fopt-info* | -fsave-optimization-record* | -fdiagnostics-format* | -fdiagnostics-add-output* | -ftime-* | -specs* | --specs* | -wrapper | -Wp,* | -Wa,* | -Xassembler | -Xpreprocessor | -Xclang | -Xlinker | -mllvm | -arch | -aux-info* | -dump* | -d* | -v | -### | --version | --help* | -print-* | --print-* | -Q | -pipe=* | -include-pch | -emit-* | --emit-* | --analyze | -fsyntax-only | -ivfsoverlay | -fsanitize-*list=* | -frandomize-layout* | -foffload* | -fcompare-debug* | -time* | @* | -)
        return 1 ;;
      -*) ;;
      *.c | *.cc | *.cp | *.cxx | *.cpp | *.CPP | *.c++ | *.C)
        [[ ! $source ]] || return
        source=$argument ;;
      *) return 1 ;;
    esac
    preprocess+=("$argument")
  done
  [[ $compiles && $source && ! $next && $output != /dev/* && $output != - ]] || return
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
  local identity
  identity=$(stat -L -c '%n %s %Y' -- "$(readlink -f -- "$compiler")") || return
  # Who stands before the compiler itself keeps things of its own, and its program says nothing of the compiler's version.
  [[ $identity != */@(ccache|sccache|distcc|icecc|buildcache)\ * ]] || return
  [[ ! $machine ]] || __machine
  text=$(mktemp -- "${TMPDIR:-/tmp}/text.XXXXXXXXXX") || return
  "$compiler" "${preprocess[@]}" -E >"$text" 2>/dev/null && ! grep -qF -e .incbin -e .include -- "$text" &&
    key=$({ printf '%s\0' 1 "$identity" "$PWD" "${GCC_EXEC_PREFIX-}" "${COMPILER_PATH-}" "$@" && cat -- "$text"; } | sha256sum) &&
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
  local kept=("$store/$key".*.o) complaint beside=$output.$$~
  [[ -f ${kept-} ]] || return
  local parts
  IFS=. read -r _ parts complaint _ <<<"${kept##*/}"
  if ! cp -- "$kept" "$beside" || ! __digest "$beside" || [[ $digest != "$parts" ]]; then
    rm -f -- "$kept" "$beside"
    return 1
  fi
  if [[ $complaint != none ]]; then
    if ! __digest "$store/$key.$complaint.txt" || [[ $digest != "$complaint" ]]; then
      rm -f -- "$kept" "$beside" "$store/$key.$complaint.txt"
      return 1
    fi
  fi
  chmod -- "$(printf '%o' $((0666 & ~$(umask))))" "$beside" && mv -f -- "$beside" "$output" || { rm -f -- "$beside"; return 1; }
  __record reused
  [[ $complaint == none ]] || cat -- "$store/$key.$complaint.txt" >&3
}

__keep() {
  local unfinished=$__entry/objects/tmp/$$ complaint=none
  mkdir -p -- "$store" "$__entry/objects/tmp" || return
  if [[ -s $1 ]]; then
    __digest "$1" && complaint=$digest && cp -- "$1" "$unfinished.txt" && mv -f -- "$unfinished.txt" "$store/$key.$complaint.txt" || return
  fi
  cp -- "$output" "$unfinished.o" && __digest "$unfinished.o" && mv -f -- "$unfinished.o" "$store/$key.$digest.$complaint.o" && __record built
}

shopt -s extglob nullglob
text=''
if [[ $__entry && -d $__entry && -w $__entry ]] && __parse "$@" 2>/dev/null; then
  {
    if __key "$@"; then
      store=$__entry/objects/${key:0:2}
      if __reuse; then
        rm -f -- "$text"
        exit 0
      fi
      "$compiler" "$@" 2>"$text"
      status=$?
      cat -- "$text" >&3
      ((status)) || __keep "$text"
      rm -f -- "$text"
      exit "$status"
    fi
    rm -f -- "$text"
  } 3>&2 2>/dev/null
fi
exec "$compiler" "$@"
