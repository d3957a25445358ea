using System.Collections.Immutable;
using EtcSync.Core.Etckeeper;
using EtcSync.Core.Mergers.Accounts;

namespace EtcSync.Core.Merging;

/// <summary>A system account of the client's that takes upstream's number.</summary>
/// <param name="Account">The account.</param>
/// <param name="Paths">The paths that belong to it in the client's /etc, sorted: their owner or group gets the new number as well.</param>
public sealed record Renumbering(RenumberedAccount Account, ImmutableArray<string> Paths)
{
    private const int MostNamed = 5;

    /// <summary>The sentence for reports.</summary>
    public string Describe()
    {
        var files = Paths.IsEmpty ? "" : $" In /etc this belongs to it, and gets the new number: {string.Join(", ", Paths.Take(MostNamed))}{(Paths.Length > MostNamed ? $" and {Paths.Length - MostNamed} more" : "")}.";
        return $"{Account.Title} has the number {Account.To} now, as upstream has it, and no longer {Account.From}.{files} Files of the client's outside /etc that have the number {Account.From} keep it.";
    }

    /// <summary>With the paths that a .etckeeper gives the account.</summary>
    internal static Renumbering Of(RenumberedAccount account, EtckeeperFile metadata) => new(
        account,
        [.. metadata.Records.Where(record => (account.File == AccountFile.Passwd ? record.Owner : record.Group) == account.Name).Select(record => record.Path).Order(StringComparer.Ordinal)]);

    /// <summary>Compares by content.</summary>
    public bool Equals(Renumbering? other) => other is not null && Account == other.Account && Paths.SequenceEqual(other.Paths, StringComparer.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Account, Paths.Length);
}
