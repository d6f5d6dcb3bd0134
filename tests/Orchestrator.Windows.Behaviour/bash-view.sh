#!/bin/bash
# What bash.c starts: runs bash where the drives of wine are /c and /z, as they are for the bash of MSYS2, and tells bash.exe of
# its end. When bash.exe ends first, all that bash has started is ended: a Job Object holds no program of Linux, and that of
# MSYS2 are programs of Windows, which it holds. Arguments: PORT, and where drive C: is; or `enter`, from itself.
set -u
if [[ $1 == enter ]]; then
  drive=$2 directory=$3 HOME=$4 TMPDIR=$5 TMP=$6 TEMP=$7 PATH=$8:$PATH
  export HOME TMPDIR TMP TEMP PATH
  shift 8
  # A root of our own over any folder that is there: seen by nobody else, and gone with the last process in it.
  mount -t tmpfs view /mnt
  for entry in /*; do
    if [[ -L $entry ]]; then
      cp -a -- "$entry" "/mnt$entry"
    elif [[ -d $entry && $entry != /mnt ]]; then
      mkdir -- "/mnt$entry"
      mount --rbind -- "$entry" "/mnt$entry"
    fi
  done
  mkdir /mnt/c /mnt/z
  mount --rbind -- "$drive" /mnt/c
  mount --rbind / /mnt/z
  # shellcheck disable=SC2016 # Expanded by the bash inside.
  exec chroot /mnt bash -c 'cd -- "$0" && exec bash "$@"' "$directory" "$@"
fi

exec 3<>"/dev/tcp/127.0.0.1/$1" 4<>"/dev/tcp/127.0.0.1/$1" 5<>"/dev/tcp/127.0.0.1/$1"
read -r count <&3
mapfile -d '' -n "$count" -t words <&3
unshare --user --map-root-user --mount --pid --fork --kill-child --mount-proc \
  bash "${BASH_SOURCE[0]}" enter "$2" "${words[@]}" >&4 2>&5 3>&- 4>&- 5>&- </dev/null &
child=$!
exec 4>&- 5>&- 2>/dev/null
{ read -r <&3; kill -KILL "$child"; } &
watch=$!
wait "$child"
status=$?
kill "$watch"
printf '%s\n' "$status" >&3
