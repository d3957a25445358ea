namespace EtcSync.Core.Tests.Mergers.Kinds;

/// <summary>Files of assignments, as <c>locale.conf</c> and most below <c>/etc/default</c>.</summary>
public sealed class AssignmentsKind : FileKind
{
    /// <inheritdoc/>
    public override string Merger => "key-value";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Samples { get; } =
    [
        """
        # Default settings for the daemon.

        # Options to pass to it:
        DAEMON_OPTS=""
        #VERBOSE=yes
        START=yes
        export LANG=en_US.UTF-8

        NICE=10 # be kind
        """ + "\n",
        """
        LANG="de_DE.UTF-8"
        LC_TIME='C'
        KEYMAP=us
        PATH=/usr/bin:/bin
        GRUB_DISTRIBUTOR=`lsb_release -i -s 2> /dev/null || echo Debian`
        """ + "\n",
        "",
    ];

    /// <inheritdoc/>
    public override string RealSize { get; } = string.Concat(Enumerable.Range(0, 120).Select(i => $"# Setting number {i}, with a word about it.\nSETTING_{i}=\"value {i}\"\n\n"));

    /// <inheritdoc/>
    public override bool Ordered => true;

    /// <inheritdoc/>
    public override string NewRecord(Random random) => $"{Pick(random, "NEW", "LANG", "START", "OTHER")}={Pick(random, "1", "\"two words\"", "'3'", "")}";

    /// <inheritdoc/>
    public override string Changed(string line, Random random)
    {
        if (IsTrivia(line) || !line.Contains('=', StringComparison.Ordinal)) return line;
        return line[..(line.IndexOf('=', StringComparison.Ordinal) + 1)] + Pick(random, "a", "b", "\"c d\"", "e # because");
    }

    /// <inheritdoc/>
    protected override string? KeyOf(string line) => IsTrivia(line) || !line.Contains('=', StringComparison.Ordinal) ? null : line.Split('=')[0].Trim().Split(' ')[^1];
}
