using System.Collections.Immutable;
using EtcSync.Core.Git;
using EtcSync.Core.Mergers.Accounts;
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
        return findings.ToImmutable();
    }

    private static ImmutableArray<RepoPath> PathsOf(AccountFault fault) =>
        fault.Kind == AccountFaultKind.NoPrimaryGroup ? [AccountFile.Group.Path, AccountFile.Passwd.Path] : [fault.File.Path, fault.File.Partner.Path];
}
