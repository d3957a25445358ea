# Completion of etcsync for fish. The program itself knows its commands, options and clients.
function __etcsync_complete
    set -l line (commandline --current-process --cut-at-cursor)
    etcsync "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
end
complete --command etcsync --no-files --arguments '(__etcsync_complete)'
