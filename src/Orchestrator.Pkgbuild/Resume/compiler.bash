# Stands before a compiler of C or C++ in PATH while a package is built, under its name. A plain compilation of one file is
# looked up by what decides it: the compiler, its arguments, the folder, and the text of all files that the preprocessor reads.
# What is found is copied to where it belongs, with the warnings that there were; what is not is compiled, and kept.
# Everything else, and whatever fails, is left to the compiler: exec, with the same arguments. Nothing of this is printed.
# What is kept is named by its own digest, and gets its name when it is whole: a torn or damaged file is none.
# In the environment: ORCHESTRATOR_CACHE_ENTRY, and ORCHESTRATOR_CCACHE if there is a ccache.

shopt -s extglob nullglob
# If it was closed, bash has the script there.
[[ ! /proc/self/fd/2 -ef $0 ]] || exec 2>&-
__entry=${ORCHESTRATOR_CACHE_ENTRY-}
__self=$0
# A link that a build makes to one of these stands for the compiler that this one stands for.
while [[ ! -e ${__self%/*}/.orchestrator-shims && -L $__self ]]; do
  __link=$(readlink -- "$__self")
  [[ $__link == /* ]] && __self=$__link || __self=${__self%/*}/$__link
done

# The next program of a name in PATH that is none of ours. ccache under the name of a compiler would find this in PATH.
__find() {
  local folder rest=$PATH:
  while [[ $rest ]]; do
    folder=${rest%%:*} rest=${rest#*:}
    found=${folder:-.}/$1
    [[ -f $found && -x $found && ! $found -ef $0 && ! $found -ef ${ORCHESTRATOR_CCACHE:-$0} && ! -e ${found%/*}/.orchestrator-shims ]] && return
  done
  return 1
}

# A script does something else when its environment is another one, and no digest has that.
__is_script() {
  local magic
  IFS= read -rN2 magic <"$1" && [[ $magic == '#!' ]]
} 2>/dev/null

__find "${__self##*/}" || { printf 'bash: %s: command not found\n' "${__self##*/}" >&2; exit 127; }
__compiler=$found

# Without a folder to write to there is nothing to be kept, and ccache would fail for it. Colours depend on the terminal.
[[ $__entry && -d $__entry && -w $__entry && ! -t 2 ]] && ! __is_script "$__compiler" || exec "$__compiler" "$@"

# Where ccache is installed it does all this, and better.
if [[ ${ORCHESTRATOR_CCACHE-} && ! ${CCACHE_DISABLE+is set} && -x $ORCHESTRATOR_CCACHE ]]; then
  exec "$ORCHESTRATOR_CCACHE" "$__compiler" "$@"
fi

# Whether it is a plain compilation: -c, one source, and nothing that reads or writes files that are not known here.
__parse() {
  local argument next='' compiles='' targets=''
  source='' output='' wants='' names='' machine='' replaces=''
  arguments=() dependencies=()
  for argument; do
    case $next in
      output) output=$argument ;;
      names) names=$argument ;;
      # Of what is not a file, like <(command), the preprocessor would leave nothing; what is precompiled it does not read.
      value) [[ ! -p $argument && $argument != /dev/* && ! -e $argument.gch && ! -e $argument.pch ]] && arguments+=("$argument") || return ;;
    esac
    [[ ! $next ]] || { next=''; continue; }
    case $argument in
      -c) compiles=yes; continue ;;
      -o) next=output; continue ;;
      -o?*) output=${argument#-o}; continue ;;
      -MF) next=names; continue ;;
      -MF?*) names=${argument#-MF}; continue ;;
      -MD | -MMD) wants=yes ;;
      -MT | -MQ) targets=yes next=value ;;
      -MT?* | -MQ?*) targets=yes ;;
      -MP | -Wp,-[DU]*([!,]) | -Wa,--noexecstack) ;;
      -m*=native) machine=yes ;;
      -I | -D | -U | -include | -isystem | -iquote | -idirafter | -isysroot | --sysroot | --param) next=value ;;
      # Other files, other programs, figures of this very run, the command line itself.
      -W[ap],* | -mllvm | -gsplit* | -gmodules | -g*-command-line | -f*-command-line | -frecord-* | -fprofile* | -fbranch-probabilities | -fauto-profile* | -ftest-coverage | -fcoverage* | -fplugin* | -fpass-plugin* | -fdump-* | -fdbg* | -fstack-usage | -fcallgraph-info* | -fmodule* | -fimplicit-module* | -fprebuilt* | -fbuild-session* | -fpch* | -fdeps* | -fopt-info* | -f*optimization-record* | -fdiagnostics-@(format|add|set)* | -fcrash* | -fproc-* | -ftime-* | -fstats | -f*report* | -fxray* | -fthinlto* | -fsanitize-*list=* | -frandomize-layout* | -foffload* | -fcompare-debug* | -fpreprocessed | -fdirectives-only | -fsyntax-only)
        return 1 ;;
      -[DUIOWLlfgm]?* | -w | -O | -g | -isystem?* | -iquote?* | -idirafter?* | --param=* | --sysroot=* | -std=* | --std=* | --target=* | -ansi | -pedantic* | -pthread | -pipe | -pg | -?(no-)pie | -nostdinc* | -nostdlib* | -static* | -shared* | -Qunused-arguments) ;;
      -*) return 1 ;;
      *.c | *.cc | *.cp | *.cxx | *.cpp | *.CPP | *.c++ | *.C)
        [[ ! $source && -f $argument ]] || return
        source=$argument ;;
      *) return 1 ;;
    esac
    arguments+=("$argument")
  done
  [[ $compiles && $source && ! $next ]] || return
  local base=${source##*/}
  output=${output:-${base%.*}.o}
  base=${output##*/}
  [[ ${base%.*} && $output != - && ! $output -ef $source && ( -f $output || ! -e $output ) ]] || return
  folder=./
  [[ $output != */* ]] || folder=${output%/*}/
  [[ -d $folder && -w $folder ]] || return
  [[ $wants ]] || { [[ ! $names && ! $targets ]]; return; }
  [[ $targets ]] || dependencies=(-MQ "$output")
  [[ $names ]] || names=${output%"$base"}${base%.*}.d
  [[ $names != - && $names != /dev/* && ( -f $names || ! -e $names ) ]]
}

# What "native" stands for: a home folder may be that of more than one machine.
__machine() {
  local line
  while read -r line && [[ $line ]]; do
    [[ $line == @(vendor_id|cpu family|model|cache size|flags|Features|CPU\ *)* ]] && identity+=$line
  done </proc/cpuinfo
}

__digest() {
  digest=$(exec sha256sum <"$1") && digest=${digest%% *} && [[ ${#digest} == 64 ]]
}

# The text has the lines as they are written, since warnings quote them and debug information has the columns, and all macros.
__key() {
  local identity programs=("$__compiler") variable look=(-E -fdirectives-only -fpch-preprocess)
  [[ ! -L $__compiler ]] || programs=("$(exec readlink -f -- "$__compiler")") || return
  case ${programs[0]##*/} in
    # Who stands before the compiler itself keeps things of its own.
    ccache | sccache | distcc | icecc | buildcache) return 1 ;;
    *clang*)
      # What stands in its configuration is as good as an argument: https://clang.llvm.org/docs/UsersManual.html#configuration-files
      programs+=("${__compiler%/*}"/*.cfg "${programs[0]%/*}"/*.cfg /etc/clang/{,*/}*.cfg ~/.config/clang/*.cfg)
      look=(-E -frewrite-includes) replaces=yes ;;
  esac
  if __find as; then
    ! __is_script "$found" || return
    programs+=("$found")
  fi
  identity=$(exec stat -L -c '%n %s %.9Y' -- "${programs[@]}") || return
  [[ ! $machine ]] || __machine
  [[ ! $wants ]] || look+=("${dependencies[@]}" -MF "$unfinished.d")
  : >"$unfinished.begin" && {
    printf '%s\0' 2 "$__compiler" "$identity" "$PWD" "$@" &&
      for variable in LANG LANGUAGE "${!LC_@}" "${!GCC_@}" "${!CLANG_@}" COMPILER_PATH LD_LIBRARY_PATH LD_PRELOAD TERM TERM_URLS; do
        printf '%s=%s\0' "$variable" "${!variable-}" || return
      done && "$__compiler" "${arguments[@]}" "${look[@]}" </dev/null 2>&1 9>&-
  } >"$unfinished.text" || return
  # What the preprocessor does not read, and what changes by itself.
  LC_ALL=C grep -qaE -e '\.inc(bin|lude)|__(DATE|TIME|TIMESTAMP)__|pch_preprocess|# *embed|_Pragma.*_macro|^# [0-9]+ "/(dev|proc)/' -- "$unfinished.text"
  (($? == 1)) && __digest "$unfinished.text" && key=$digest
}

# Whether nothing that was read has been written since it was looked up. #line names files that may not be there.
__unchanged() {
  local line changed
  local -A files
  while IFS= read -r line; do
    printf -v line %b "$line" && files[$line]=''
  done < <(LC_ALL=C exec sed -n 's/^# [0-9]* "\([^<].*[^/]\)".*/\1/p' "$unfinished.text")
  changed=$(exec find "${!files[@]}" -prune -cnewer "$unfinished.begin")
  (($? < 2 && ${#files[@]})) && [[ ! $changed ]]
}

__record() {
  local now=${EPOCHREALTIME//[!0-9]/}
  printf '%s\t%s\t%s\t%s\n' "${now%???}" "$1" "${source//[$'\t\n']/ }" "$key" >>"$__entry/steps"
}

# As a compiler does it: the assembler of gcc removes what has anything in it. An empty file keeps its permissions and other names.
__deliver() {
  if [[ $replaces || -s $output ]]; then
    # In one step: make -j may compile a file twice, and use it meanwhile.
    cp -- "$unfinished.o" "$output.$$" && mv -fT -- "$output.$$" "$output" || { rm -f -- "$output.$$"; return 1; }
  else
    cat -- "$unfinished.o" >"$output" || return
  fi
  [[ ! -s $unfinished.txt ]] || cat -- "$unfinished.txt" >&9
}

# Removes what is not whole.
__reuse() {
  local kept=("$store/$key".*.o) parts complaint
  [[ ${kept-} ]] || return
  IFS=. read -r _ parts complaint _ <<<"${kept##*/}"
  cat -- "$kept" >"$unfinished.o" && __digest "$unfinished.o" || return
  [[ $digest == "$parts" ]] || { rm -f -- "$kept"; return 1; }
  if [[ $complaint != none ]]; then
    cat -- "$store/$key.$complaint.txt" >"$unfinished.txt" && __digest "$unfinished.txt" && [[ $digest == "$complaint" ]] ||
      { rm -f -- "$kept" "$store/$key.$complaint.txt"; return 1; }
  fi
  [[ ! $wants ]] || cat -- "$unfinished.d" >"$names" || return
  __deliver && { __record reused; return 0; }
}

__keep() {
  local complaint=none
  __unchanged && { [[ -d $store ]] || mkdir -p -- "$store"; } || return
  if [[ -s $unfinished.txt ]]; then
    __digest "$unfinished.txt" && complaint=$digest && mv -f -- "$unfinished.txt" "$store/$key.$complaint.txt" || return
  fi
  __digest "$unfinished.o" && mv -f -- "$unfinished.o" "$store/$key.$digest.$complaint.o" && __record built
}

# Into a file of its own, since another compiler may be writing the same one. Nothing may tell of that.
__compile() {
  [[ ! $wants ]] || dependencies+=(-MF "$names")
  "$__compiler" "${arguments[@]}" "${dependencies[@]}" -c -o "$unfinished.o" 2>"$unfinished.txt" 9>&- || return
  [[ ! -s $unfinished.txt || $(<"$unfinished.txt") != *"$unfinished"* ]] && __deliver && { __keep; return 0; }
}

for __variable in DEPENDENCIES_OUTPUT SUNPRO_DEPENDENCIES GCC_COMPARE_DEBUG GCC_EXTRA_DIAGNOSTIC_OUTPUT EXPERIMENTAL_SARIF_SOCKET "${!CC_PRINT_@}" "${!CC_LOG_@}" "${!CCC_@}"; do
  [[ ! ${!__variable+is set} ]] || exec "$__compiler" "$@"
done
# Sandboxes have process ids of their own.
unfinished=$__entry/objects/tmp/$$-$SRANDOM${EPOCHREALTIME//[!0-9]/}
{
  if __parse "$@" && { [[ -d ${unfinished%/*} ]] || mkdir -p -- "${unfinished%/*}"; }; then
    if __key "$@"; then
      store=$__entry/objects/${key:0:2}
      if __reuse || __compile; then
        rm -f -- "$unfinished".*
        exit 0
      fi
    fi
    rm -f -- "$unfinished".*
  fi
} 9>&2 2>/dev/null
exec "$__compiler" "$@"
