# Stands before npm in PATH while a package is built, and gives way to it. A cache that the PKGBUILD has put into srcdir, which
# is removed with it, becomes a link to the cache entry of the package. npm checks all that it takes from there.
# In the environment: ORCHESTRATOR_CACHE_ENTRY, ORCHESTRATOR_SRCDIR.

__own=${BASH_SOURCE[0]%/*}

__real() {
  local __folder IFS=:
  for __folder in $PATH; do
    [[ $__folder && ! $__folder -ef $__own && -x $__folder/npm && ! -d $__folder/npm && ! -e $__folder/.orchestrator-shims ]] &&
      { __npm=$__folder/npm; return; }
  done
  return 1
}

__cache() {
  local argument cache=${npm_config_cache-} next=''
  for argument; do
    case $next$argument in
      --) break ;;
      --cache=*) cache=${argument#*=} ;;
      --cache) next=cache: ; continue ;;
      cache:*) cache=$argument ;;
    esac
    next=''
  done
  [[ $cache == "$ORCHESTRATOR_SRCDIR"/* && $cache != *..* && ! -e $cache && ! -L $cache ]] || return
  mkdir -p -- "$ORCHESTRATOR_CACHE_ENTRY/npm" "${cache%/*}" && ln -s -- "$ORCHESTRATOR_CACHE_ENTRY/npm" "$cache"
}

__real || { printf 'bash: npm: command not found\n' >&2; exit 127; }
[[ ${ORCHESTRATOR_CACHE_ENTRY-} && ${ORCHESTRATOR_SRCDIR-} && -w ${ORCHESTRATOR_CACHE_ENTRY-} ]] && __cache "$@" 2>/dev/null
exec "$__npm" "$@"
