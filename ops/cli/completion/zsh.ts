import { posixBeginning, posixBranch } from "./posix.ts";
import type { Shell } from "./shell.ts";

export const zshScript: Shell = {
  branch: posixBranch,
  // What follows the first colon is its meaning.
  line: ({ word, meaning }) =>
    `${word.replaceAll(":", String.raw`\:`)}${meaning === "" ? "" : `:${meaning}`}`,
  script: (table) => `${posixBeginning("zsh", table)}

_ops() {
  local place="" option="" word
  local -i position=0
  local -a found
  for word in "\${(@)words[2,CURRENT-1]}"; do
    if [[ -n $option ]]; then option=""
    elif [[ $word == -* ]]; then
      if _ops_candidates "value$place $word" >/dev/null; then option="$word"; fi
    elif _ops_candidates "command$place $word" >/dev/null; then place="$place $word"
    else position+=1
    fi
  done
  if [[ -z $option && $words[CURRENT] == --*=* ]]; then
    option="\${words[CURRENT]%%=*}"
    compset -P '*='
  fi
  if [[ -n $option ]]; then found=("\${(@f)$(_ops_candidates "value$place $option")}")
  elif [[ $words[CURRENT] == -* ]]; then found=("\${(@f)$(_ops_candidates "options$place")}")
  else
    found=("\${(@f)$(_ops_candidates "commands$place" || _ops_candidates "argument$place $position" ||
      _ops_candidates "options$place")}")
  fi
  found=(\${found:#})
  case "$found[1]" in
  :files) _files ;;
  :folders) _files -/ ;;
  *) _describe -V ops found ;;
  esac
}

if ! whence compdef >/dev/null; then autoload -Uz compinit && compinit; fi
compdef _ops ops
`,
};
