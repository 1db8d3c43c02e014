import type { Shell } from "./shell.ts";
import { posixBeginning, posixBranch } from "./posix.ts";

/** For bash from 3.2 on, which macOS has. */
export const bashScript: Shell = {
  branch: posixBranch,
  line: ({ word }) => word,
  script: (table) => `${posixBeginning("bash", table)}

_ops() {
  local IFS=$'\\n' current="\${COMP_WORDS[COMP_CWORD]}" path="" position=0 option="" word found i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    # bash makes three words of --status=failed.
    if [[ -n $option && $word == "=" ]]; then continue
    elif [[ -n $option ]]; then option=""
    elif [[ $word == -* ]]; then
      if _ops_candidates "value$path $word" >/dev/null; then option="$word"; fi
    elif _ops_candidates "command$path $word" >/dev/null; then path="$path $word"
    else position=$((position + 1))
    fi
  done
  if [[ $current == "=" ]]; then current=""; fi
  if [[ -n $option ]]; then found="$(_ops_candidates "value$path $option")"
  elif [[ $current == -* ]]; then found="$(_ops_candidates "options$path")"
  else
    found="$(_ops_candidates "commands$path" || _ops_candidates "argument$path $position" ||
      _ops_candidates "options$path")"
  fi
  case "$found" in
  :files | :folders)
    if type compopt >/dev/null 2>&1; then compopt -o filenames 2>/dev/null; fi
    if [[ $found == :files ]]; then COMPREPLY=($(compgen -f -- "$current"))
    else COMPREPLY=($(compgen -d -- "$current")); fi ;;
  *) COMPREPLY=($(compgen -W "$found" -- "$current")) ;;
  esac
}

complete -F _ops ops
`,
};
