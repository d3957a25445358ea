using System.Collections.Immutable;
using EtcSync.Core.Mergers.Layout;

namespace EtcSync.Core.Mergers.Accounts;

/// <summary>
/// The client's files in upstream's numbers: where both sides made the same system account with different numbers, the client's
/// takes upstream's, and what refers to it by number follows. After that it is one account, and merged as any other.
/// </summary>
internal sealed class AccountTranslation
{
    private readonly AccountVersions _versions;
    private readonly Func<AccountFile, AccountSides?> _sides;
    private readonly Func<AccountFile, string, bool> _isAnswered;

    private AccountTranslation(AccountVersions versions, Func<AccountFile, AccountSides?> sides, Func<AccountFile, string, bool> isAnswered) =>
        (_versions, _sides, _isAnswered) = (versions, sides, isAnswered);

    /// <summary>The accounts that get another number, each with its name as the file has it.</summary>
    public ImmutableArray<KeyValuePair<string, RenumberedAccount>> Renumbered { get; private set; } = [];

    /// <summary>The client's tables in which something changes.</summary>
    public ImmutableDictionary<AccountFile, AccountTable> Tables { get; private set; } = ImmutableDictionary<AccountFile, AccountTable>.Empty;

    /// <summary>Translates.</summary>
    /// <param name="versions">The files.</param>
    /// <param name="sides">What is known of a file; null where it cannot be changed.</param>
    /// <param name="isAnswered">Whether somebody has said what becomes of an account: it keeps its number.</param>
    public static AccountTranslation Of(AccountVersions versions, Func<AccountFile, AccountSides?> sides, Func<AccountFile, string, bool> isAnswered)
    {
        var translation = new AccountTranslation(versions, sides, isAnswered);
        // Half a translation would be worse than none: a group's number is in passwd as well.
        if (sides(AccountFile.Passwd) is { } passwd && sides(AccountFile.Group) is { } group) translation.Translate(passwd, group);
        return translation;
    }

    private void Translate(AccountSides passwd, AccountSides group)
    {
        var users = Differing(AccountFile.Passwd, passwd, _versions.FirstUser);
        var groups = Differing(AccountFile.Group, group, _versions.FirstGroup);
        if (users.Count == 0 && groups.Count == 0) return;
        var references = groups.ToDictionary(pair => pair.Value.From, pair => pair.Value.To);
        var tables = ImmutableDictionary.CreateBuilder<AccountFile, AccountTable>();
        tables[AccountFile.Passwd] = passwd.Client.With(User);
        tables[AccountFile.Group] = group.Client.With(record => groups.TryGetValue(record.Name, out var change) ? record.With(AccountFile.IdField, change.To) : record);
        Tables = tables.ToImmutable();
        Renumbered = [.. users, .. groups];

        AccountLine User(AccountLine record)
        {
            if (users.TryGetValue(record.Name, out var change)) record = record.With(AccountFile.IdField, change.To);
            // A number that was there before the group was made means something else.
            return references.TryGetValue(record.PrimaryGroup, out var to) && passwd.Base?.Find(record.Name)?.PrimaryGroup != record.PrimaryGroup ? record.With(AccountFile.PrimaryGroupField, to) : record;
        }
    }

    private Dictionary<string, RenumberedAccount> Differing(AccountFile file, AccountSides sides, uint first)
    {
        var found = new Dictionary<string, RenumberedAccount>(StringComparer.Ordinal);
        var owners = sides.Client.Records.GroupBy(record => record.Id).ToDictionary(owner => owner.Key, owner => owner.Count());
        foreach (var ours in sides.Client.Records)
        {
            if (sides.Base?.Find(ours.Name) is not null || sides.Upstream.Find(ours.Name) is not { } theirs || ours.Id == theirs.Id) continue;
            // Number 0 is root's whatever the name; a number that two names have tells nobody whom a reference means.
            if (ours.Id >= first || theirs.Id >= first || ours.Id == 0 || theirs.Id == 0 || owners[ours.Id] > 1 || _isAnswered(file, ours.Name)) continue;
            found[ours.Name] = new(file, FileText.Printable(ours.Name), ours.Id, theirs.Id);
        }

        return found;
    }
}

/// <summary>The versions of an account file, understood.</summary>
internal sealed record AccountSides(AccountTable? Base, AccountTable Client, AccountTable Upstream);
