namespace EtcSync.Core.Tests.Mergers.Kinds;

/// <summary><c>/etc/aliases</c> of a mail system.</summary>
public sealed class MailAliasesKind : FileKind
{
    /// <inheritdoc/>
    public override string Merger => "aliases";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Samples { get; } =
    [
        """
        # See man 5 aliases for format
        postmaster:    root
        MAILER-DAEMON: postmaster
        root: alice,
            bob
        "odd: name": alice

        www: webmaster
        """ + "\n",
        "",
    ];

    /// <inheritdoc/>
    public override string RealSize { get; } = string.Concat(Enumerable.Range(0, 150).Select(i => $"alias{i}: user{i},\n\tuser{i + 1}\n"));

    /// <inheritdoc/>
    public override string NewRecord(Random random) => $"{Pick(random, "ops", "root", "Www")}: {Pick(random, "alice", "bob", "carol,\n  dave")}";

    /// <inheritdoc/>
    public override string Changed(string line, Random random) => IsTrivia(line) || line[0] == ' ' || line.EndsWith(',') ? line : line.TrimEnd('\r') + Pick(random, ", erin", ", frank");

    /// <inheritdoc/>
    public override IEnumerable<string?> Keys(IReadOnlyList<string> lines)
    {
        string? key = null;
        foreach (var line in lines)
        {
            if (IsTrivia(line)) key = null;
            else if (line[0] is not (' ' or '\t')) key = line[..(line[0] == '"' ? line.LastIndexOf(':') : line.IndexOf(':', StringComparison.Ordinal))].ToLowerInvariant();
            yield return key;
        }
    }
}
