import type { Shell } from "./shell.ts";

export const fishScript: Shell = {
  branch: (place, lines) =>
    [
      `    case ${quote(place)}`,
      lines.length === 0 ? "      true" : `      printf '%s\\n' ${lines.map(quote).join(" ")}`,
    ].join("\n"),
  line: ({ word, meaning }) => (meaning === "" ? word : `${word}\t${meaning}`),
  script: (table) => `# Completion of ops in fish: npm run --silent ops -- completion fish | source
function ops
  npm run --silent ops -- $argv
end

function __ops_candidates
  switch "$argv[1]"
${table}
    case '*'
      return 1
  end
end

function __ops
  set -l place ""
  set -l position 0
  set -l option ""
  set -l before ""
  set -l current (commandline -ct)
  set -l typed (commandline -opc)
  for word in $typed[2..-1]
    if test -n "$option"
      set option ""
    else if string match -q -- '-*' "$word"
      if __ops_candidates "value$place $word" >/dev/null
        set option "$word"
      end
    else if __ops_candidates "command$place $word" >/dev/null
      set place "$place $word"
    else
      set position (math $position + 1)
    end
  end
  if test -z "$option"; and string match -q -- '--*=*' "$current"
    set option (string replace -r '=.*' '' -- "$current")
    set before "$option="
    set current (string replace -r '[^=]*=' '' -- "$current")
  end
  if test -n "$option"
    set found (__ops_candidates "value$place $option")
  else if string match -q -- '-*' "$current"
    set found (__ops_candidates "options$place")
  else
    set found (__ops_candidates "commands$place"; or __ops_candidates "argument$place $position"; or __ops_candidates "options$place")
  end
  switch "$found[1]"
    case ':files'
      __fish_complete_path "$current" | string replace -r '^' -- "$before"
    case ':folders'
      __fish_complete_directories "$current" '' | string replace -r '^' -- "$before"
    case ''
    case '*'
      printf "$before%s\\n" $found
  end
end

complete -c ops -f -a '(__ops)'
`,
};

const quote = (text: string): string => `'${text.replaceAll(/['\\]/g, String.raw`\$&`)}'`;
