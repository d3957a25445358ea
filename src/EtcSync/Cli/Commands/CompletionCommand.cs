using System.CommandLine;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync completion': scripts that make a shell ask the program itself what could come next.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        # etcsync completion for bash: source it, or put it into /etc/bash_completion.d/etcsync
        _etcsync() {
            local word="${COMP_WORDS[COMP_CWORD]}" line
            COMPREPLY=()
            while IFS= read -r line; do
                [[ $line == "$word"* ]] && COMPREPLY+=("$line")
            done < <("${COMP_WORDS[0]}" "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)
        }
        complete -o default -F _etcsync etcsync

        """;

    private const string Zsh = """
        #compdef etcsync
        # etcsync completion for zsh: put it into a directory of $fpath as _etcsync, or source it after compinit
        _etcsync() {
            local -a found
            found=(${(f)"$("${words[1]}" "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)"})
            compadd -a found
        }
        if [[ ${funcstack[1]} == _etcsync ]]; then _etcsync "$@"; else compdef _etcsync etcsync; fi

        """;

    private const string Fish = """
        # etcsync completion for fish: put it into ~/.config/fish/completions/etcsync.fish
        complete -c etcsync -f -a '(set -l line (commandline -cp); etcsync "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null)'

        """;

    /// <summary>Builds the command.</summary>
    public static Command Create(CommandHost host) => new("completion", "Print a completion script for a shell.")
    {
        Shell(host, "bash", Bash), Shell(host, "zsh", Zsh), Shell(host, "fish", Fish),
    };

    private static Command Shell(CommandHost host, string name, string script)
    {
        var command = new Command(name, $"The script for {name}.");
        host.Handle(command, (session, _, _) =>
        {
            session.Out.Raw(script);
            return ExitCode.InOrder;
        });
        return command;
    }
}
