# Tests of treesum. Usage: bash check.bash TREESUM

set -o nounset -o pipefail
export LC_ALL=C

treesum=$1
# Beside the sources, so that a build that is killed takes it along.
work=$(mktemp -d "$PWD/check.XXXXXX") || exit
trap 'chmod -R u+rwx "$work"; rm -rf "$work"' EXIT
failures=0

fail() {
  failures=$((failures + 1))
  printf 'FAILED: %s\n' "$1" >&2
}

sum() {
  local line
  line=$(bash "$treesum" "$1") && printf '%s\n' "${line%% *}"
}

# make_tree DIR FILES: a tree with everything that names and types can do.
make_tree() {
  local number
  mkdir -p "$1/many" "$1/.hidden/deep" "$1/empty"
  for ((number = 0; number < $2; number++)); do
    printf '%d\n' "$number" > "$1/many/$number"
  done
  printf 'x' > "$1/.hidden/deep/-c"
  printf 'y' > "$1/new"$'\n'"line \\ and 'quotes'"
  printf 'z' > "$1/"$'bytes\xff'
  ln -s .. "$1/loop"
  ln -s $'no\nwhere\n' "$1/dangling"
  chmod 750 "$1/many/7"
}

# A change, and whether the sum must change with it.
after() {
  local before
  before=$(sum "$work/b")
  (cd "$work/b" && eval "$2")
  if [[ $1 == same ]]; then
    [[ $(sum "$work/b") == "$before" ]] || fail "the sum changed after: $2"
  else
    [[ $(sum "$work/b") != "$before" ]] || fail "the sum did not change after: $2"
  fi
}

# More files than fit into one batch.
make_tree "$work/large" 600
mkdir "$work/elsewhere"
make_tree "$work/elsewhere/large" 600
[[ $(sum "$work/large") =~ ^[0-9a-f]{64}$ ]] || fail 'a sum has 64 digits'
[[ $(sum "$work/large") == "$(sum "$work/elsewhere/large")" ]] || fail 'equal trees have equal sums'
bash "$treesum" -l "$work/large" > "$work/list" || fail 'a tree can be listed'
mapfile -t lines < "$work/list"
((${#lines[@]} == 609)) || fail "the list has a line for each thing: ${#lines[@]}"

make_tree "$work/a" 12
make_tree "$work/b" 12
after same 'touch -d 2001-01-01 many/1'
after same 'cp many/1 copy && rm many/1 && mv copy many/1'
after other 'printf 2 >> many/1'
after other 'chmod 600 many/2'
after other 'mv many/3 many/1003'
after other 'rm many/4'
after other 'ln -sfn elsewhere dangling'
after other 'rmdir empty'
after other 'mkfifo pipe'

bash "$treesum" -l "$work/a" > "$work/list" || fail 'a tree can be listed'
bash "$treesum" -c "$work/list" "$work/a" || fail 'a tree is like its own list'

make_tree "$work/c" 12
rm "$work/c/many/8"
chmod 700 "$work/c/many/9"
: > "$work/c/zero"
differences=$(bash "$treesum" -c "$work/list" "$work/c")
[[ $? == 1 ]] || fail 'differences are status 1'
expected=$'- -\t*\tmany/8\n- -\t6*\tmany/9\n+ -\t700\t*\tmany/9\n+ -\t*\tzero'
[[ $differences == $expected ]] || fail "differences are listed: $differences"

mkdir "$work/nothing"
[[ $(sum "$work/nothing") =~ ^[0-9a-f]{64}$ ]] || fail 'an empty tree has a sum'
[[ -z $(bash "$treesum" -l "$work/nothing") ]] || fail 'an empty tree has an empty list'

bash "$treesum" "$work/list" 2> "$work/errors"
[[ $? == 2 && $(< "$work/errors") == "treesum: $work/list: not a directory" ]] ||
  fail 'a file is refused'
bash "$treesum" 2> /dev/null
[[ $? == 2 ]] || fail 'a directory is needed'
bash "$treesum" -c "$work/missing" "$work/a" 2> /dev/null
[[ $? == 2 ]] || fail 'a missing list is an error'

# Who may read everything, as root, cannot see these errors.
chmod 000 "$work/c/many/10"
if ! cat "$work/c/many/10" > /dev/null 2>&1; then
  bash "$treesum" "$work/c" > /dev/null 2>&1
  [[ $? == 2 ]] || fail 'a file that cannot be read is an error'
  chmod 000 "$work/c/many"
  bash "$treesum" "$work/c" > /dev/null 2>&1
  [[ $? == 2 ]] || fail 'a directory that cannot be read is an error'
fi

((failures == 0))
