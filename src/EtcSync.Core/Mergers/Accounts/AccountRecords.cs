using System.Collections.Immutable;
using EtcSync.Core.Mergers.Layout;

namespace EtcSync.Core.Mergers.Accounts;

/// <summary>Merges one account file record by record. What belongs together in several files is not its business.</summary>
internal sealed class AccountRecords
{
    private readonly AccountFile _file;
    private readonly AccountSides _sides;
    private readonly AccountTable _translated;
    private readonly AccountChoices _choices;
    private readonly Func<AccountFile, DisputeSide, string, AccountLine?> _find;
    private readonly Dictionary<string, AccountLine> _merged = new(StringComparer.Ordinal);
    private readonly ImmutableArray<RecordDispute>.Builder _disputes = ImmutableArray.CreateBuilder<RecordDispute>();

    private AccountRecords(AccountFile file, AccountSides sides, AccountTable translated, AccountChoices choices, Func<AccountFile, DisputeSide, string, AccountLine?> find) =>
        (_file, _sides, _translated, _choices, _find) = (file, sides, translated, choices, find);

    /// <summary>Merges; a record in dispute is not in the table.</summary>
    /// <param name="file">The file.</param>
    /// <param name="sides">Its versions.</param>
    /// <param name="translated">The client's in upstream's numbers.</param>
    /// <param name="choices">What was answered.</param>
    /// <param name="find">Finds a record of any of the files.</param>
    public static (AccountTable Table, ImmutableArray<RecordDispute> Disputes) Merge(
        AccountFile file, AccountSides sides, AccountTable translated, AccountChoices choices, Func<AccountFile, DisputeSide, string, AccountLine?> find) =>
        new AccountRecords(file, sides, translated, choices, find).Merge();

    private (AccountTable Table, ImmutableArray<RecordDispute> Disputes) Merge()
    {
        foreach (var name in _sides.Client.Records.Concat(_sides.Upstream.Records).Concat(_sides.Base?.Records ?? []).Select(record => record.Name).Distinct(StringComparer.Ordinal))
        {
            if (!_choices.TryFind(_file, name, out var line)) line = Decide(name);
            if (line is not null) _merged[name] = line;
        }

        var lines = AccountLayout.Lines(_sides.Base, _translated, _sides.Upstream, _merged);
        var (client, upstream) = (_sides.Client.EndsWithNewline, _sides.Upstream.EndsWithNewline);
        return (AccountTable.Of(_file, lines, client == upstream ? client : _sides.Base is null || !_sides.Base.EndsWithNewline), _disputes.ToImmutable());
    }

    private AccountLine? Decide(string name)
    {
        var (before, ours, theirs) = (_sides.Base?.Find(name), _translated.Find(name), _sides.Upstream.Find(name));
        if (ours is not null && theirs is not null)
        {
            var fields = AccountFields.Merge(_file, before, ours, theirs);
            return fields.Disputed.Any() ? Ask(name, fields.Describe(), fields) : fields.Line(disputed: null);
        }

        if (before is null || (ours ?? theirs) is not { } left) return _choices.Implied(_file, name, before is null ? ours ?? theirs : null);
        if (left.SaysTheSame(before)) return _choices.Implied(_file, name, otherwise: null);
        return Ask(name, ours is null ? "The client deleted it, and upstream changed it." : "The client changed it, and upstream deleted it.", fields: null);
    }

    // Fields that are not in dispute are merged whatever is answered, but where the answer is a version that is not there.
    private AccountLine? Ask(string name, string reason, AccountFields? fields)
    {
        var dispute = new RecordDispute(FileText.Printable(name), reason, Bytes(_sides.Base), Bytes(_sides.Client), Bytes(_sides.Upstream));
        switch (_choices.Ask(_file, dispute))
        {
            case DisputeAnswer.Take take:
                var version = take.Side == DisputeSide.Client ? _translated.Find(name) : _find(_file, take.Side, name);
                if (fields is null || version is null) _choices.Imply(_file.Partner, name, _find(_file.Partner, take.Side, name));
                return fields is null ? version : version is null ? null : fields.Line(version);
            case DisputeAnswer.Replace replace when AccountChoices.Read(_file, replace, name) is { Length: <= 1 } lines:
                return lines.FirstOrDefault();
            case DisputeAnswer.Replace:
                _disputes.Add(dispute with { Reason = $"{reason} The answer is no record of {_file} with this name." });
                return null;
            default:
                _disputes.Add(dispute);
                return null;
        }

        byte[]? Bytes(AccountTable? table) => table?.Find(name)?.ToBytes();
    }
}
