namespace EtcSync.Core.Tests.Mergers.Kinds;

/// <summary><c>/etc/shells</c> and lists of packages.</summary>
public sealed class LineSetKind : FileKind
{
    /// <inheritdoc/>
    public override string Merger => "lines";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Samples { get; } =
    [
        """
        # /etc/shells: valid login shells
        /bin/sh
        /bin/bash
        /usr/bin/bash

        /bin/dash
        """ + "\n",
        """
        base
        linux
        openssh
        vim
        """ + "\n",
        "",
    ];

    /// <inheritdoc/>
    public override string RealSize { get; } = string.Concat(Enumerable.Range(0, 600).Select(i => $"package-{i}\n"));

    /// <inheritdoc/>
    public override string NewRecord(Random random) => Pick(random, "/bin/zsh", "/usr/bin/fish", "/usr/bin/tmux", "openssh", "zsh");

    /// <inheritdoc/>
    public override string Changed(string line, Random random)
    {
        return IsTrivia(line) ? line : line.TrimEnd('\r') + random.Next(3);
    }

    /// <inheritdoc/>
    protected override string? KeyOf(string line) => IsTrivia(line) ? null : line.Trim();
}
