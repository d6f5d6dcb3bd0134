# Makes what cargo has built the work directory's own before package() sees it: what it changes there is not changed in the
# cache, and what it copies are files. Arguments: folders of profiles. If there is no space for that, they stay as they are.
shopt -s nullglob dotglob extglob
for folder; do
  [[ -L $folder ]] || continue
  place=$(readlink -- "$folder") && rm -- "$folder" && mkdir -- "$folder" || exit
  for part in "$place"/*; do
    if [[ $part == */deps ]]; then
      # It is large, and cargo and linkers replace what is in it, but for what tells of dependencies.
      mkdir -- "$folder/deps" && files=("$part"/!(*.d)) && dependencies=("$part"/*.d) &&
        { [[ ${#files[@]} == 0 ]] || cp -al -- "${files[@]}" "$folder/deps/" 2>/dev/null || cp -a -- "${files[@]}" "$folder/deps/"; } &&
        { [[ ${#dependencies[@]} == 0 ]] || cp -a -- "${dependencies[@]}" "$folder/deps/"; }
    else
      cp -a -- "$part" "$folder/"
    fi || { rm -rf -- "$folder"; ln -s -- "$place" "$folder"; break; }
  done
done
