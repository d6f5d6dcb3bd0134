# Sources a PKGBUILD as makepkg does, then prints what it set: tokens that each end with a NUL, between a first and a
# last one that the caller chose, so that a dump that is cut short, or mixed with other output, is told from a whole one.
# PkgbuildDump.cs reads them, and says what kinds there are.
#
#   bash -c SCRIPT bash NONCE PKGBUILD MEMORY_LIMIT_KIB
#
# The PKGBUILD may do anything to this shell. So what runs after it was parsed before it, stands in functions that it
# cannot replace, calls builtins through `builtin` (it may have defined functions of their names), names its variables
# so that the PKGBUILD's own stay visible, and uses no program.

__reader_strings=(changelog epoch install pkgbase pkgdesc pkgrel pkgver url)
__reader_arrays=(arch backup checkdepends conflicts depends groups license makedepends noextract optdepends options
                 pkgname provides replaces source validpgpkeys
                 cksums md5sums sha1sums sha224sums sha256sums sha384sums sha512sums b2sums)

# What the environment happens to hold, its own `url` for one, must not pass for metadata.
__reader_forget_environment() {
    local name
    for name in "${__reader_strings[@]}" "${__reader_arrays[@]}"; do
        unset -v "$name"
        eval "unset -v \"\${!${name}_@}\""
    done
    unset -v srcdir pkgdir pkgdirbase
}

# As makepkg: in a function, so that `local` and `declare` mean the same, and with extglob off.
__reader_source() {
    shopt -u extglob
    source "$1"
}

__reader_print() {
    builtin printf '%s\0' "$@"
}

# A global variable as it is, whatever it should be.
__reader_print_variable() {
    builtin declare -p "$1" &>/dev/null || builtin return 0
    builtin local __reader_name="$1" __reader_all="$1[@]"
    case ${!__reader_name@a} in
        *A*) __reader_print map "$1" ;;
        *a*)
            builtin local -a __reader_value __reader_keys
            __reader_value=("${!__reader_all}")
            builtin eval "__reader_keys=(\"\${!$1[@]}\")"
            __reader_print array "$1" "${#__reader_value[@]}" "${__reader_value[@]}"
            if (( ${#__reader_keys[@]} && ${__reader_keys[-1]} + 1 != ${#__reader_keys[@]} )); then
                __reader_print sparse "$1"
            fi ;;
        *) __reader_print string "$1" "${!__reader_name}" ;;
    esac
}

# Sets __reader_value to a package's own value of a field. makepkg's method: each line of the function's body that looks
# like an assignment to the field is run by itself, whatever stands around it, on top of the global value (so that `+=`
# adds to that) and with pkgname as this package. One that is no whole command, since its value goes on in the next
# line, changes nothing. Not in a subshell, which a syntax error would end.
#   PACKAGE FIELD string|array LINE...
__reader_evaluate_override() {
    builtin local pkgname="$1" || builtin exit
    builtin local __reader_field="$2" __reader_all="$2[@]" __reader_line
    if [[ $3 == array ]]; then
        __reader_value=("${!__reader_all}")
    else
        __reader_value=("${!__reader_field}") # a string is assigned to, and read from, member 0
    fi
    builtin shopt -s extglob
    for __reader_line in "${@:4}"; do
        builtin eval "__reader_value${__reader_line#"$__reader_field"}" >&2
    done
    builtin shopt -u extglob
}

# All overrides of one package, out of its package_NAME(), or package() where there is none.
__reader_print_overrides() {
    builtin local __reader_function="package_$1" __reader_line __reader_key __reader_kind __reader_field
    builtin declare -F "$__reader_function" >/dev/null || __reader_function=package
    builtin declare -F "$__reader_function" >/dev/null || builtin return 0

    # For each line that looks like an assignment, its kind and name: "array depends".
    builtin local -a __reader_lines __reader_keys __reader_chosen __reader_arch __reader_value
    builtin local -A __reader_seen
    __reader_arch=("${__reader_architectures[@]}")
    builtin mapfile -t __reader_lines < <(builtin declare -f "$__reader_function")
    for __reader_line in "${!__reader_lines[@]}"; do
        [[ ${__reader_lines[__reader_line]} =~ ^[[:space:]]*' '(([a-zA-Z_][a-zA-Z0-9_]*)\+?=(.).*)$ ]] || builtin continue
        __reader_keys[__reader_line]="string ${BASH_REMATCH[2]}"
        [[ ${BASH_REMATCH[3]} == '(' ]] && __reader_keys[__reader_line]="array ${BASH_REMATCH[2]}"
        __reader_lines[__reader_line]=${BASH_REMATCH[1]}
    done

    __reader_choose 'array arch'
    if (( ${#__reader_chosen[@]} )); then
        __reader_evaluate_override "$1" arch array "${__reader_chosen[@]}"
        __reader_arch+=("${__reader_value[@]}")
    fi

    for __reader_key in "${__reader_keys[@]}"; do
        [[ ${__reader_seen[$__reader_key]} ]] && builtin continue
        __reader_seen[$__reader_key]=1
        __reader_kind=${__reader_key% *} __reader_field=${__reader_key#* }
        __reader_is_field "$__reader_field" "${__reader_arch[@]}" || builtin continue
        __reader_choose "$__reader_key"
        __reader_evaluate_override "$1" "$__reader_field" "$__reader_kind" "${__reader_chosen[@]}"
        if [[ $__reader_kind == array ]]; then
            __reader_print override-array "$1" "$__reader_field" "${#__reader_value[@]}" "${__reader_value[@]}"
        else
            __reader_print override-string "$1" "$__reader_field" "$__reader_value"
        fi
    done
}

# Sets __reader_chosen to the lines of one kind and name.
__reader_choose() {
    builtin local __reader_index
    __reader_chosen=()
    for __reader_index in "${!__reader_keys[@]}"; do
        [[ ${__reader_keys[__reader_index]} == "$1" ]] && __reader_chosen+=("${__reader_lines[__reader_index]}")
    done
}

# NAME ARCH...: whether NAME is a field, or the variant of one for one of the architectures.
__reader_is_field() {
    builtin local __reader_field __reader_suffix
    for __reader_field in "${__reader_strings[@]}" "${__reader_arrays[@]}"; do
        for __reader_suffix in '' "${@:2}"; do
            [[ $1 == "$__reader_field${__reader_suffix:+_$__reader_suffix}" ]] && builtin return 0
        done
    done
    builtin return 1
}

__reader_print_functions() {
    builtin local -a __reader_lines
    builtin local __reader_line
    builtin mapfile -t __reader_lines < <(builtin declare -F)
    for __reader_line in "${__reader_lines[@]##* }"; do
        [[ $__reader_line == __reader_* ]] || __reader_print function "$__reader_line"
    done
}

__reader_main() {
    builtin local __reader_status __reader_field __reader_suffix

    # Both streams of the PKGBUILD go to standard error; bash keeps the real ones aside, and restores them.
    {
        if __reader_source "$2"; then __reader_status=0; else __reader_status=$?; fi

        # POSIX mode, which a mere assignment switches on, finds special builtins such as unset before functions of that
        # name: so `builtin` can be freed, and trusted. The rest undoes what would change how the lines below run; not in
        # a function, whose end would bring a DEBUG trap back.
        POSIXLY_CORRECT=1
        unset -f builtin || exit
        set +ekuvxTE
        trap - DEBUG ERR RETURN EXIT
        unset -v POSIXLY_CORRECT
        builtin shopt -u nocasematch
    } 1>&2 2>&1

    __reader_print "$1" status "$__reader_status"
    if (( __reader_status == 0 )); then
        # An architecture that is no part of a name is for the lint to refuse.
        builtin local -a __reader_architectures
        for __reader_suffix in "${arch[@]}"; do
            [[ $__reader_suffix =~ ^[a-zA-Z0-9_]+$ ]] && __reader_architectures+=("$__reader_suffix")
        done
        for __reader_field in "${__reader_strings[@]}" "${__reader_arrays[@]}"; do
            for __reader_suffix in '' "${__reader_architectures[@]/#/_}"; do
                __reader_print_variable "$__reader_field$__reader_suffix"
            done
        done
        __reader_print_functions

        # As makepkg, before it looks for overrides.
        pkgbase=${pkgbase:-$pkgname}
        for __reader_field in "${pkgname[@]}"; do
            __reader_print_overrides "$__reader_field"
        done
    fi
    __reader_print "$1"
}

if (( BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] < 404 )); then
    printf '%s\0' "$1" old-bash "$BASH_VERSION" "$1"
    exit
fi
readonly __reader_strings __reader_arrays
readonly -f __reader_forget_environment __reader_source __reader_print __reader_print_variable \
    __reader_evaluate_override __reader_print_overrides __reader_choose __reader_is_field __reader_print_functions __reader_main
ulimit -v "$3"
__reader_forget_environment
cd -P . && startdir=$PWD
__reader_main "$1" "$2"
