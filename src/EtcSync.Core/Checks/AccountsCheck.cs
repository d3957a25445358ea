using System.Collections.Immutable;
using EtcSync.Core.Git;
using EtcSync.Core.Mergers.Accounts;
using EtcSync.Core.Mergers.Layout;
using EtcSync.Core.Paths;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Checks;

/// <summary>Looks at passwd, shadow, group and gshadow of a tree as one.</summary>
public sealed class AccountsCheck : IBuiltInCheck
{
    /// <inheritdoc/>
    public ImmutableArray<RepoPath> Paths { get; } = [.. AccountFile.All.Select(file => file.Path)];

    /// <inheritdoc/>
    public ImmutableArray<CheckFinding> Look(IObjectReader objects, ObjectId tree)
    {
        var tables = new Dictionary<AccountFile, AccountTable>();
        var findings = ImmutableArray.CreateBuilder<CheckFinding>();
        foreach (var file in AccountFile.All)
        {
            var version = TreeDiff.Find(objects, tree, file.Path);
            if (version.Mode.IsRegular()) tables[file] = AccountTable.Read(file, objects.ReadBlob(version.Id));
            else if (file.HasIds) findings.Add(new([file.Path, file.Partner.Path], "Missing", [file.Name], $"There is no file {file}."));
        }

        findings.AddRange(AccountFaults.Of(tables).Select(fault => new CheckFinding(PathsOf(fault), fault.Subject, fault.Names, fault.Message) { CanBeMeant = fault.CanBeMeant }));
        findings.AddRange(Strangers(tables));
        return findings.ToImmutable();
    }

    // Members may come from a directory service, so that both sides can mean them. What no side has, a member whose user went on the
    // other side, would give the next user of that name the group's rights.
    private static IEnumerable<CheckFinding> Strangers(Dictionary<AccountFile, AccountTable> tables)
    {
        if (!tables.TryGetValue(AccountFile.Passwd, out var passwd)) return [];
        return from file in (AccountFile[])[AccountFile.Group, AccountFile.Gshadow]
               where tables.ContainsKey(file)
               from record in tables[file].Records
               from field in file.ListFields
               from member in record.Fields[field].Split(',')
               where member.Length > 0 && passwd.Find(member) is null
               select new CheckFinding([file.Path, AccountFile.Passwd.Path], $"Stranger:{file}:{field}", [$"{record.Name}:{member}"],
                   $"'{FileText.Printable(member)}' is named in the group '{FileText.Printable(record.Name)}' of {file}, and no user.") { CanBeMeant = true };
    }

    private static ImmutableArray<RepoPath> PathsOf(AccountFault fault) =>
        fault.Kind == AccountFaultKind.NoPrimaryGroup ? [AccountFile.Group.Path, AccountFile.Passwd.Path] : [fault.File.Path, fault.File.Partner.Path];
}
