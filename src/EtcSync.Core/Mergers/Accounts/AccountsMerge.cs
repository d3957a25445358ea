using System.Collections.Immutable;
using EtcSync.Core.Checks;
using EtcSync.Core.Mergers.Layout;

namespace EtcSync.Core.Mergers.Accounts;

/// <summary>
/// Merges passwd, shadow, group and gshadow as one set: records by name, their fields one by one, members of groups as a set.
/// What no side has may not come of it: two names with one number, a user without a password entry or without a group.
/// Never throws.
/// </summary>
public sealed class AccountsMerge
{
    private readonly AccountVersions _versions;
    private readonly AccountChoices _choices;
    private readonly Dictionary<AccountFile, AccountSides> _sides = [];
    private readonly Dictionary<AccountFile, string> _unknown = [];
    private readonly Lazy<KnownFaults> _known;

    private AccountsMerge(AccountVersions versions, AccountArbiter arbiter)
    {
        (_versions, _choices) = (versions, new(arbiter));
        _known = new(Known);
        foreach (var file in AccountFile.All) Read(file);
    }

    /// <summary>Merges.</summary>
    /// <param name="versions">The content.</param>
    /// <param name="arbiter">Is asked once for every dispute.</param>
    public static AccountsMergeResult Merge(AccountVersions versions, AccountArbiter arbiter)
    {
        var merge = new AccountsMerge(versions, arbiter);
        // Every round that is not the last one has learned an answer about one record more.
        while (true)
        {
            var known = merge._choices.Count;
            var result = merge.Round();
            if (merge._choices.Count == known) return result;
        }
    }

    private void Read(AccountFile file)
    {
        if (_versions.Of(file) is not { IsDecided: false, Client: { } client, Upstream: { } upstream } versions) return;
        var sides = new AccountSides(versions.Base is { } before ? AccountTable.Read(file, before) : null, AccountTable.Read(file, client), AccountTable.Read(file, upstream));
        foreach (var (table, whose) in (IEnumerable<(AccountTable?, string)>)[(sides.Client, "the client's"), (sides.Upstream, "upstream's"), (sides.Base, "the common")])
        {
            if (table is not { Problems: [var problem, ..] }) continue;
            _unknown[file] = $"Line {problem.Line} of {whose} version {problem.What}.";
            return;
        }

        _sides[file] = sides;
    }

    private AccountsMergeResult Round()
    {
        var translation = AccountTranslation.Of(_versions, _sides.GetValueOrDefault, (file, name) => _choices.TryFind(file, name, out _));
        var files = ImmutableDictionary.CreateBuilder<AccountFile, ContentMergeResult>();
        var tables = new Dictionary<AccountFile, AccountTable>();
        foreach (var file in AccountFile.All)
        {
            if (Merge(file, translation, tables) is { } result) files[file] = result;
        }

        if (files.Values.All(file => file is not ContentMergeResult.Disputed))
        {
            foreach (var (file, disputes) in NewFaults(tables)) files[file] = new ContentMergeResult.Disputed(disputes);
        }

        return new(files.ToImmutable(), [.. translation.Renumbered.Where(found => tables[found.Value.File].Find(found.Key) is { } record && record.Id == found.Value.To).Select(found => found.Value)]);
    }

    private ContentMergeResult? Merge(AccountFile file, AccountTranslation translation, Dictionary<AccountFile, AccountTable> tables)
    {
        var versions = _versions.Of(file);
        var translated = translation.Tables.GetValueOrDefault(file);
        if (_sides.TryGetValue(file, out var sides) && (_choices.Concern(file) || translated is not null || versions.BothChanged))
        {
            var (table, disputes) = AccountRecords.Merge(file, sides, translated ?? sides.Client, _choices, Find);
            tables[file] = table;
            return disputes.IsEmpty ? new ContentMergeResult.Merged(table.Write()) : new ContentMergeResult.Disputed(disputes);
        }

        if (versions.BothChanged && !versions.IsDecided) return new ContentMergeResult.NotUnderstood(_unknown.GetValueOrDefault(file, "Only one side still has it."));
        if (versions.Result is not { } content) return null;
        tables[file] = AccountTable.Read(file, content);
        return new ContentMergeResult.Merged(content);
    }

    private IEnumerable<(AccountFile File, ImmutableArray<RecordDispute> Disputes)> NewFaults(Dictionary<AccountFile, AccountTable> tables)
    {
        var faults = AccountFaults.Of(tables).Where(fault => fault.Kind != AccountFaultKind.Malformed && !_known.Value.Contain(fault.Subject, fault.Names));
        var disputes = new List<(AccountFile File, RecordDispute Dispute)>();
        foreach (var fault in faults)
        {
            if (Place(fault) is not { } place || place.Names.IsEmpty) continue;
            var dispute = new RecordDispute(place.Record, fault.Message, Bytes(place, DisputeSide.Base), Bytes(place, DisputeSide.Client), Bytes(place, DisputeSide.Upstream));
            if (!_choices.TryAsk(place.File, dispute, out var answer) || !Take(place, answer!)) disputes.Add((place.File, dispute));
        }

        return disputes.GroupBy(found => found.File).Select(file => (file.Key, file.Select(found => found.Dispute).DistinctBy(dispute => dispute.Record).ToImmutableArray()));
    }

    private sealed record FaultPlace(AccountFile File, string Record, ImmutableArray<string> Names);

    // The record that a person has to look at; null where none of the files can be changed.
    private FaultPlace? Place(AccountFault fault)
    {
        if (fault.Kind == AccountFaultKind.NoPrimaryGroup && GroupOf(fault.Id) is { } group) return new(AccountFile.Group, FileText.Printable(group), [group]);
        if (!_sides.ContainsKey(fault.File) && !_sides.ContainsKey(fault.File.Partner)) return null;
        var file = _sides.ContainsKey(fault.File) ? fault.File : fault.File.Partner;
        var record = fault.Kind == AccountFaultKind.SharedId ? $"{(fault.File == AccountFile.Passwd ? "uid" : "gid")} {fault.Id}" : FileText.Printable(fault.Names[0]);
        return new(file, record, fault.Names);
    }

    private string? GroupOf(uint id) => _sides.TryGetValue(AccountFile.Group, out var sides)
        ? ((AccountTable?[])[sides.Upstream, sides.Client, sides.Base]).Select(table => table?.Records.FirstOrDefault(record => record.Id == id)?.Name).FirstOrDefault(name => name is not null)
        : null;

    private byte[]? Bytes(FaultPlace place, DisputeSide side)
    {
        var lines = place.Names.Select(name => Find(place.File, side, name)?.ToBytes()).Where(line => line is not null).ToList();
        return lines.Count == 0 ? null : [.. lines.SelectMany(line => line!)];
    }

    private bool Take(FaultPlace place, DisputeAnswer answer)
    {
        var lines = answer is DisputeAnswer.Replace replace ? AccountChoices.Read(place.File, replace, place.Names) : [];
        if (lines is null) return false;
        foreach (var name in place.Names)
        {
            if (answer is DisputeAnswer.Take take)
            {
                _choices.Choose(place.File, name, Find(place.File, take.Side, name));
                _choices.Imply(place.File.Partner, name, Find(place.File.Partner, take.Side, name));
            }
            else
            {
                var line = lines.Value.FirstOrDefault(line => line.Name == name);
                _choices.Choose(place.File, name, line);
                if (line is null) _choices.Imply(place.File.Partner, name, line: null);
            }
        }

        return true;
    }

    private AccountLine? Find(AccountFile file, DisputeSide side, string name) => _sides.GetValueOrDefault(file) is not { } sides ? null : side switch
    {
        DisputeSide.Base => sides.Base?.Find(name),
        DisputeSide.Client => sides.Client.Find(name),
        _ => sides.Upstream.Find(name),
    };

    private KnownFaults Known()
    {
        var known = new KnownFaults();
        foreach (var fault in AccountFaults.Of(TablesOf(file => file.Client)).AddRange(AccountFaults.Of(TablesOf(file => file.Upstream)))) known.Add(fault.Subject, fault.Names);
        return known;
    }

    private Dictionary<AccountFile, AccountTable> TablesOf(Func<AccountFileVersions, byte[]?> side)
    {
        var tables = new Dictionary<AccountFile, AccountTable>();
        foreach (var file in AccountFile.All)
        {
            if (side(_versions.Of(file)) is { } content) tables[file] = AccountTable.Read(file, content);
        }

        return tables;
    }
}
