using System.Collections.Immutable;
using EtcSync.Core.Accounts;
using EtcSync.Core.Git;
using EtcSync.Core.Mergers;
using EtcSync.Core.Mergers.Accounts;
using EtcSync.Core.Paths;
using EtcSync.Core.Policies;
using EtcSync.Core.Resolutions;
using EtcSync.Core.Trees;

namespace EtcSync.Core.Merging;

/// <summary>The part of a client's merge that concerns the account files: those that policy gives to <see cref="ContentMergers.Accounts"/> are merged as one set.</summary>
internal sealed class AccountFilesMerge
{
    private static readonly RepoPath LoginDefs = RepoPath.Parse("login.defs");

    private readonly ObjectOverlay _objects;
    private readonly MergeInput _input;
    private readonly Arbiter _arbiter;
    private readonly Dictionary<AccountFile, Member> _members = [];
    private readonly Dictionary<AccountFile, List<Settlement>> _settled = [];
    private readonly SortedDictionary<RepoPath, FileMergeResult> _results = [];

    private AccountFilesMerge(ObjectOverlay objects, MergeInput input, Arbiter arbiter) => (_objects, _input, _arbiter) = (objects, input, arbiter);

    /// <summary>The files that are merged as one set, and what they become; sorted. Empty where upstream changed none of the account files.</summary>
    public IReadOnlyDictionary<RepoPath, FileMergeResult> Results => _results;

    /// <summary>System accounts that have another number now.</summary>
    public ImmutableArray<RenumberedAccount> Renumbered { get; private set; } = [];

    /// <summary>Merges what upstream changed with what the client has.</summary>
    public static AccountFilesMerge Merge(ObjectOverlay objects, MergeInput input, ImmutableArray<PathChange> changes, Arbiter arbiter)
    {
        var merge = new AccountFilesMerge(objects, input, arbiter);
        if (changes.Any(change => AccountFile.Find(change.Path) is not null)) merge.Merge();
        return merge;
    }

    private sealed record Member(FileVersion Base, FileVersion Client, FileVersion Upstream);

    private void Merge()
    {
        var files = ImmutableDictionary.CreateBuilder<AccountFile, AccountFileVersions>();
        foreach (var file in AccountFile.All) files[file] = Read(file);
        if (_members.Count == 0) return;

        var login = TreeDiff.Find(_objects, _input.Upstream, LoginDefs);
        var numbers = login.Mode.IsRegular() ? LoginDefinitions.Parse(_objects.ReadBlob(login.Id)) : LoginDefinitions.Default;
        var result = AccountsMerge.Merge(new() { Files = files.ToImmutable(), FirstUser = numbers.FirstUser, FirstGroup = numbers.FirstGroup }, Answer);
        foreach (var (file, member) in _members) _results[file.Path] = ResultOf(file, member, result.Files.GetValueOrDefault(file));
        Renumbered = result.Renumbered;
    }

    private AccountFileVersions Read(AccountFile file)
    {
        var (before, client, upstream) = (Find(_input.Base, file), Find(_input.Client, file), Find(_input.Upstream, file));
        var versions = new AccountFileVersions(Content(before), Content(client), Content(upstream));
        var policy = _input.Policy(file.Path);
        switch (policy.Class)
        {
            case PathClass.Local:
            case PathClass.Client when client.Exists || before.Exists:
                return versions with { IsDecided = true, Decided = versions.Client };
            case PathClass.Upstream:
                return versions with { IsDecided = true, Decided = versions.Upstream };
        }

        if (policy.Merger == ContentMergers.Accounts && client.Mode.IsRegular() && upstream.Mode.IsRegular())
        {
            _members[file] = new(before, client, upstream);
            return versions;
        }

        var merged = FileMerge.Merge(_objects, file.Path, before, client, upstream, ContentMergers.Find(policy.Merger), _arbiter) is FileMergeResult.Merged found ? found.Version : client;
        return versions with { IsDecided = true, Decided = Content(merged) };
    }

    private DisputeAnswer? Answer(AccountFile file, RecordDispute dispute)
    {
        if (_arbiter.Settle(DisputeKey.Of(file.Path, dispute)) is not { } found) return null;
        if (!_settled.TryGetValue(file, out var settled)) _settled[file] = settled = [];
        settled.Add(found);
        return found.Answer;
    }

    // The mode is the file's own business; the content is the set's, even where the file has changed on one side only.
    private FileMergeResult ResultOf(AccountFile file, Member member, ContentMergeResult? content)
    {
        if (content is ContentMergeResult.Disputed disputed) return new FileMergeResult.Disputed(ConflictKind.Content, FileMerge.DescribeRecords(disputed.Records)) { Records = disputed.Records };
        var merger = new Decided(content ?? new ContentMergeResult.NotUnderstood("It is not there."));
        var result = FileMerge.Merge(_objects, file.Path, member.Base, member.Client, member.Upstream, merger, _arbiter);
        if (result is not FileMergeResult.Merged merged || content is not ContentMergeResult.Merged { Content: var bytes }) return result;
        return merged with
        {
            Version = ObjectId.Hash(ObjectType.Blob, bytes) == merged.Version.Id ? merged.Version : merged.Version with { Id = _objects.AddBlob(bytes) },
            Settled = [.. merged.Settled, .. _settled.GetValueOrDefault(file) ?? []],
        };
    }

    private FileVersion Find(ObjectId tree, AccountFile file) => TreeDiff.Find(_objects, tree, file.Path);

    private byte[]? Content(FileVersion version) => version.Mode.IsRegular() ? _objects.ReadBlob(version.Id) : null;

    private sealed class Decided(ContentMergeResult result) : IContentMerger
    {
        public string Name => ContentMergers.Accounts;

        public ContentMergeResult Merge(ContentVersions versions, RecordArbiter arbiter) => result;
    }
}
