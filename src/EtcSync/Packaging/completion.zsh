#compdef etcsync
# Completion of etcsync for zsh. The program itself knows its commands, options and clients.
local -a candidates
candidates=("${(@f)$("${words[1]}" "[suggest:${#LBUFFER}]" "$LBUFFER" 2>/dev/null)}")
compadd -a candidates
