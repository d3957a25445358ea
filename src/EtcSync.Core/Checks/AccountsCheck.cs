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
            else if (file.HasIds) findings.Add(new([file.Path, file.Partner.Path], $"no {file}", $"There is no file {file}."));
        }

        findings.AddRange(AccountFaults.Of(tables).Select(fault => new FaultFinding(fault)));
        return findings.ToImmutable();
    }

    private sealed record FaultFinding : CheckFinding
    {
        private readonly AccountFault _fault;

        public FaultFinding(AccountFault fault)
            : base(PathsOf(fault), string.Join(':', [fault.Kind.ToString(), fault.File.Name, .. fault.Names]), fault.Message) => (_fault, CanBeMeant) = (fault, fault.CanBeMeant);

        private protected override bool IsIn(CheckFinding other) => other is FaultFinding found && _fault.IsIn(found._fault);

        private static ImmutableArray<RepoPath> PathsOf(AccountFault fault) =>
            fault.Kind == AccountFaultKind.NoPrimaryGroup ? [AccountFile.Group.Path, AccountFile.Passwd.Path] : [fault.File.Path, fault.File.Partner.Path];
    }
}
