using System.Collections.Immutable;

namespace EtcSync.Core.Mergers.Accounts;

/// <summary>What was answered to disputes about accounts. Everybody is asked once, however often the files are merged anew with the answers.</summary>
internal sealed class AccountChoices(AccountArbiter arbiter)
{
    private readonly Dictionary<(AccountFile File, string Record), DisputeAnswer?> _answers = [];
    private readonly Dictionary<(AccountFile File, string Name), AccountLine?> _chosen = [];
    private readonly Dictionary<(AccountFile File, string Name), AccountLine?> _implied = [];

    /// <summary>How much is known; more than before means that the files have to be merged again.</summary>
    public int Count => _chosen.Count + _implied.Count;

    /// <summary>Whether somebody said what becomes of a record as a whole, and what: null means that it goes.</summary>
    public bool TryFind(AccountFile file, string name, out AccountLine? line) => _chosen.TryGetValue((file, name), out line);

    /// <summary>What an answer about the same account in the partner file means for a record of which nothing was said and nothing is in dispute.</summary>
    public AccountLine? Implied(AccountFile file, string name, AccountLine? otherwise) => _implied.TryGetValue((file, name), out var line) ? line : otherwise;

    /// <summary>Whether it is said of any record of the file.</summary>
    public bool Concern(AccountFile file) => _chosen.Keys.Concat(_implied.Keys).Any(key => key.File == file);

    /// <summary>Asks.</summary>
    public DisputeAnswer? Ask(AccountFile file, RecordDispute dispute)
    {
        if (!_answers.TryGetValue((file, dispute.Record), out var answer)) _answers[(file, dispute.Record)] = answer = arbiter(file, dispute);
        return answer;
    }

    /// <summary>Asks about what shows only when the files are put together; false where that was asked before, and the answer did not help.</summary>
    public bool TryAsk(AccountFile file, RecordDispute dispute, out DisputeAnswer? answer)
    {
        answer = null;
        if (_answers.ContainsKey((file, dispute.Record))) return false;
        answer = Ask(file, dispute);
        return answer is not null;
    }

    /// <summary>Notes what becomes of a record; the first word counts.</summary>
    public void Choose(AccountFile file, string name, AccountLine? line) => _chosen.TryAdd((file, name), line);

    /// <summary>Notes what that means for the record of the same account in the partner file.</summary>
    public void Imply(AccountFile file, string name, AccountLine? line) => _implied.TryAdd((file, name), line);

    /// <summary>The lines of an answer; null where they are no records of the file, or of others than these.</summary>
    public static ImmutableArray<AccountLine>? Read(AccountFile file, DisputeAnswer.Replace answer, params IEnumerable<string> names)
    {
        var table = AccountTable.Read(file, answer.Content);
        return table.Problems.IsEmpty && table.Lines.All(line => line.IsRecord && names.Contains(line.Name, StringComparer.Ordinal)) ? table.Lines : null;
    }
}
