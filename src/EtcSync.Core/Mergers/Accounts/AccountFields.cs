using System.Collections.Immutable;
using System.Globalization;

namespace EtcSync.Core.Mergers.Accounts;

/// <summary>Merges the fields of a record that both sides have, one by one.</summary>
internal sealed class AccountFields
{
    private const int Password = AccountFile.PasswordField;
    private const int LastChange = AccountFile.LastChangeField;

    private readonly AccountFile _file;
    private readonly AccountLine? _base;
    private readonly AccountLine _client;
    private readonly AccountLine _upstream;
    private readonly string?[] _merged;

    private AccountFields(AccountFile file, AccountLine? ancestor, AccountLine client, AccountLine upstream)
    {
        (_file, _base, _client, _upstream) = (file, ancestor, client, upstream);
        _merged = new string?[file.FieldNames.Length];
    }

    /// <summary>Merges.</summary>
    public static AccountFields Merge(AccountFile file, AccountLine? ancestor, AccountLine client, AccountLine upstream)
    {
        var fields = new AccountFields(file, ancestor, client, upstream);
        for (var i = 0; i < fields._merged.Length; i++) fields._merged[i] = fields.Field(i);
        if (file == AccountFile.Shadow) fields._merged[LastChange] = fields.Date();
        return fields;
    }

    /// <summary>Fields to which both sides gave other values, by number.</summary>
    public IEnumerable<int> Disputed => Enumerable.Range(0, _merged.Length).Where(i => _merged[i] is null);

    /// <summary>The record, the fields in dispute as a version has them.</summary>
    public AccountLine Line(AccountLine? disputed)
    {
        ImmutableArray<string> fields = [.. _merged.Select((field, i) => field ?? disputed!.Fields[i])];
        return AccountLine.Record(fields, _client.Ending == _base?.Ending ? _upstream.Ending : _upstream.Ending == _base?.Ending ? _client.Ending : _upstream.Ending);
    }

    /// <summary>What is in dispute, as a sentence.</summary>
    public string Describe()
    {
        var names = Disputed.Select(i => _file.FieldNames[i]).ToList();
        var list = names.Count == 1 ? names[0] : $"{string.Join(", ", names.Take(names.Count - 1))} and {names[^1]}";
        return _base is null ? $"Both sides added it, and not with the same {list}." : $"Both sides changed the {list}.";
    }

    private string? Field(int i)
    {
        var (client, upstream) = (_client.Fields[i], _upstream.Fields[i]);
        if (client == upstream || client == _base?.Fields[i]) return upstream;
        if (upstream == _base?.Fields[i]) return client;
        return _file.ListFields.Contains(i) ? MemberList.Merge(_base?.Fields[i], client, upstream) : null;
    }

    // The date belongs to the password. Without one, or with 0, it is an order of its own: no ageing, change it at the next login.
    private string? Date()
    {
        var (client, upstream) = (_client.Fields[LastChange], _upstream.Fields[LastChange]);
        if (client == upstream) return client;
        if (_client.Fields[Password] == _upstream.Fields[Password])
        {
            return _merged[LastChange] ?? (DayOf(client) is { } ours && DayOf(upstream) is { } theirs ? ours > theirs ? client : upstream : null);
        }

        if (_merged[Password] is null) return null;
        var (own, other) = _merged[Password] == _client.Fields[Password] ? (client, upstream) : (upstream, client);
        return other == _base?.Fields[LastChange] || DayOf(other) is not null ? own : null;
    }

    private static int? DayOf(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var day) && day > 0 ? day : null;
}
