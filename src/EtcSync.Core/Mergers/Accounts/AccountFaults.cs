using System.Collections.Immutable;
using EtcSync.Core.Mergers.Layout;

namespace EtcSync.Core.Mergers.Accounts;

/// <summary>Finds what is wrong with a set of account files, much as pwck(8) and grpck(8) do. A file that is not there asks nothing of the others.</summary>
internal sealed class AccountFaults
{
    private const string InShadow = "x";
    private const int MostNamed = 5;
    private const string Root = "root";

    private readonly IReadOnlyDictionary<AccountFile, AccountTable> _tables;
    private readonly List<AccountFault> _found = [];

    private AccountFaults(IReadOnlyDictionary<AccountFile, AccountTable> tables) => _tables = tables;

    private AccountTable? this[AccountFile file] => _tables.GetValueOrDefault(file);

    /// <summary>All faults, the worst kind first.</summary>
    public static ImmutableArray<AccountFault> Of(IReadOnlyDictionary<AccountFile, AccountTable> tables) => new AccountFaults(tables).Find();

    private ImmutableArray<AccountFault> Find()
    {
        foreach (var file in AccountFile.All)
        {
            foreach (var problem in this[file]?.Problems ?? []) Add(AccountFaultKind.Malformed, file, [problem.Text], $"Line {problem.Line} of {file} {problem.What}.");
        }

        FindRoot();
        FindShadow(AccountFile.Passwd, AccountFaultKind.NoShadow, AccountFaultKind.NoUser, "user");
        FindPrimaryGroups();
        FindSharedIds(AccountFile.Passwd, "users");
        FindSharedIds(AccountFile.Group, "groups");
        FindShadow(AccountFile.Group, AccountFaultKind.NoGroupShadow, AccountFaultKind.NoGroup, "group");
        return [.. _found.OrderBy(fault => fault.Kind)];
    }

    private void FindRoot()
    {
        if (this[AccountFile.Passwd] is not { } passwd) return;
        var root = passwd.Find(Root);
        if (root is null) Add(AccountFaultKind.Root, AccountFile.Passwd, [Root], "passwd has no user 'root'.");
        else if (root.Id != 0) Add(AccountFaultKind.Root, AccountFile.Passwd, [Root], "The user 'root' has not the number 0.");
        else if (root.Fields[AccountFile.ShellField] is { Length: > 0 } shell && shell[0] != '/') Add(AccountFaultKind.Root, AccountFile.Passwd, [Root], "The shell of 'root' is no absolute path.");
    }

    // A password that is not "x" is in the file itself, as it was before there was shadow(5).
    private void FindShadow(AccountFile file, AccountFaultKind missing, AccountFaultKind orphan, string what)
    {
        if (this[file] is not { } accounts || this[file.Partner] is not { Lines.IsEmpty: false } shadow) return;
        foreach (var account in accounts.Records.Where(account => account.Fields[AccountFile.PasswordField] == InShadow && shadow.Find(account.Name) is null))
        {
            Add(missing, file.Partner, [account.Name], $"The {what} '{FileText.Printable(account.Name)}' is in {file} and not in {file.Partner}.");
        }

        foreach (var entry in shadow.Records.Where(entry => accounts.Find(entry.Name) is null))
        {
            Add(orphan, file, [entry.Name], $"The {what} '{FileText.Printable(entry.Name)}' is in {file.Partner} and not in {file}.");
        }
    }

    private void FindPrimaryGroups()
    {
        if (this[AccountFile.Passwd] is not { } passwd || this[AccountFile.Group] is not { } group) return;
        var known = group.Records.Select(record => record.Id).ToHashSet();
        foreach (var user in passwd.Records.Where(user => !known.Contains(user.PrimaryGroup)))
        {
            Add(AccountFaultKind.NoPrimaryGroup, AccountFile.Passwd, [user.Name], $"The primary group of the user '{FileText.Printable(user.Name)}' has the number {user.PrimaryGroup}, which no group has.", user.PrimaryGroup);
        }
    }

    private void FindSharedIds(AccountFile file, string what)
    {
        foreach (var shared in (this[file]?.Records ?? []).GroupBy(record => record.Id).Where(shared => shared.Skip(1).Any()).OrderBy(shared => shared.Key))
        {
            ImmutableArray<string> names = [.. shared.Select(record => record.Name).Order(StringComparer.Ordinal)];
            Add(AccountFaultKind.SharedId, file, names, $"The {what} {Some(names)} have the same number, {shared.Key}.", shared.Key);
        }
    }

    private static string Some(ImmutableArray<string> names) =>
        string.Join(" and ", names.Take(MostNamed).Select(name => $"'{FileText.Printable(name)}'")) + (names.Length > MostNamed ? $" and {names.Length - MostNamed} more" : "");

    private void Add(AccountFaultKind kind, AccountFile file, ImmutableArray<string> names, string message, uint id = 0) => _found.Add(new(kind, file, names, message) { Id = id });
}
