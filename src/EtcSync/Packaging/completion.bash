# Completion of etcsync for bash. The program itself knows its commands, options and clients.
_etcsync() {
  local candidates
  candidates=$("${COMP_WORDS[0]}" "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null) || return
  mapfile -t COMPREPLY < <(compgen -W "${candidates}" -- "${COMP_WORDS[COMP_CWORD]}")
}
complete -o default -F _etcsync etcsync
