using System.Text;
using EtcSync.Core.Clients;
using EtcSync.Core.Git;
using EtcSync.Core.Mergers;
using EtcSync.Core.Paths;
using EtcSync.Core.Resolutions;
using EtcSync.Fleet;
using EtcSync.Resolutions;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Resolutions;

public sealed class ResolutionStoreTests : IDisposable
{
    private static readonly DateTimeOffset When = new(2026, 3, 1, 10, 0, 0, TimeSpan.FromHours(1));
    private static readonly Signature Ann = new("ann", "ann@server", When);
    private static readonly DisputeAnswer Upstream = new DisputeAnswer.Take(DisputeSide.Upstream);

    private readonly Cluster _cluster = new(["pc01"]);

    private Workspace Workspace => _cluster.Workspace;

    private ResolutionStore Store => new(Workspace);

    public ResolutionStoreTests() => Workspace.State.Prepare();

    public void Dispose() => _cluster.Dispose();

    [Fact]
    public void Resolution_comes_back_as_it_was_kept()
    {
        var kept = Resolution("motd", Upstream, "pc01", "pc02");

        Keep(kept);

        var found = Assert.Single(Store.Load().Set.All);
        Assert.Equal((kept.Key, kept.Answer, kept.By, kept.When), (found.Key, found.Answer, found.By, found.When));
        Assert.Equal(kept.Clients.AsEnumerable(), found.Clients.AsEnumerable());
        Assert.Equal("theirs\n", Encoding.UTF8.GetString(Store.Contents(kept.Key).Upstream!));
    }

    [Fact]
    public void New_content_comes_back_byte_by_byte()
    {
        var content = new byte[] { 0xff, 0, 10, 13, 0x41 };

        Keep(Resolution("motd", new DisputeAnswer.Replace(content)));

        Assert.Equal(new DisputeAnswer.Replace(content), Assert.Single(Store.Load().Set.All).Answer);
    }

    [Fact]
    public void Commit_is_its_makers_and_says_what_was_settled()
    {
        Keep(Resolution("shadow#root", Upstream));

        var log = Log("--format=%an <%ae>%n%cn%n%B");
        Assert.StartsWith("ann <ann@server>\nEtcSync\nsettled: shadow#root (upstream's version)\n", log, StringComparison.Ordinal);
        Assert.Contains("for everybody who has this dispute", log, StringComparison.Ordinal);
        Assert.Contains($"EtcSync-Resolution: {Resolution("shadow#root", Upstream).Key.Id}", log, StringComparison.Ordinal);
        Assert.Equal(0, Tool.Try("git", "--git-dir=" + Workspace.State.Resolutions, "fsck", "--strict").Code);
    }

    [Fact]
    public void Nobody_else_may_enter()
    {
        Keep(Resolution("shadow", Upstream));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Workspace.State.Resolutions));
    }

    [Fact]
    public void Answer_of_a_client_stands_before_everybodys()
    {
        Keep(Resolution("motd", Upstream));
        Keep(Resolution("motd", new DisputeAnswer.Take(DisputeSide.Client), "pc01"));

        var set = Store.Load().Set;

        var key = Resolution("motd", Upstream).Key;
        Assert.Equal([new DisputeAnswer.Take(DisputeSide.Client), Upstream], new[] { "pc01", "pc02" }.Select(name => set.Find(key, ClientName.Parse(name))!.Answer));
    }

    [Fact]
    public void Revoked_resolution_is_gone_and_the_history_has_it()
    {
        Keep(Resolution("motd", Upstream));

        Store.Revoke([Resolution("motd", Upstream)], Ann, CancellationToken.None);

        Assert.Empty(Store.Load().Set.All);
        Assert.Equal("", Tool.Run("git", "--git-dir=" + Workspace.State.Resolutions, "ls-tree", "main"));
        Assert.Equal(["revoked: motd (upstream's version)", "settled: motd (upstream's version)"], Log("--format=%s").Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Revoking_for_one_client_leaves_the_others()
    {
        Keep(Resolution("motd", Upstream, "pc01", "pc02"));

        Store.Revoke([Resolution("motd", Upstream, "pc01")], Ann, CancellationToken.None);

        Assert.Equal("pc02", Assert.Single(Assert.Single(Store.Load().Set.All).Clients).Value);
    }

    [Fact]
    public void Damaged_resolution_is_said_and_the_others_count()
    {
        Keep(Resolution("motd", Upstream));
        Keep(Resolution("issue", Upstream));
        Damage(Resolution("motd", Upstream).Key.Digest, "dispute.json", "{\"version\": 1, \"path\": ");

        var kept = Store.Load();

        Assert.Equal("issue", Assert.Single(kept.Set.All).Key.Name);
        Assert.Contains(Resolution("motd", Upstream).Key.Id, Assert.Single(kept.Problems), StringComparison.Ordinal);
        Assert.True(Store.RemoveDamaged(Assert.Single(Store.Damaged()), Ann, CancellationToken.None));
        Assert.Empty(Store.Load().Problems);
    }

    [Fact]
    public void Resolution_of_a_newer_format_is_said_and_not_used()
    {
        Keep(Resolution("motd", Upstream));
        Damage(Resolution("motd", Upstream).Key.Digest, "everybody/answer.json", "{\"version\": 2, \"take\": \"upstream\", \"by\": \"ann\", \"when\": \"2026-03-01T10:00:00+01:00\"}");

        var kept = Store.Load();

        Assert.Empty(kept.Set.All);
        Assert.Contains("version 2", Assert.Single(kept.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Resolution_under_another_disputes_name_is_not_used()
    {
        Keep(Resolution("motd", Upstream));
        var key = Resolution("motd", Upstream).Key;
        Damage(key.Digest, "dispute.json", $"{{\"version\": 1, \"path\": \"issue\", \"record\": null, \"base\": \"{key.Base}\", \"client\": \"{key.Client}\", \"upstream\": \"{key.Upstream}\"}}");

        Assert.Empty(Store.Load().Set.All);
        Assert.Single(Store.Load().Problems);
    }

    [Fact]
    public void Repository_that_cannot_be_read_holds_nobody_up()
    {
        Keep(Resolution("motd", Upstream));
        File.WriteAllText(Path.Combine(Workspace.State.Resolutions, "refs/heads/main"), "nonsense\n");

        Assert.Contains("cannot be read", Assert.Single(Store.Load().Problems), StringComparison.Ordinal);
        Assert.Equal(EtcSync.Clients.OutcomeKind.Synced, _cluster.SyncOne().Kind);
    }

    [Fact]
    public void Reference_that_is_empty_is_damage_and_no_beginning()
    {
        Keep(Resolution("motd", Upstream));
        File.WriteAllText(Path.Combine(Workspace.State.Resolutions, "refs/heads/main"), "");

        var kept = Store.Load();

        Assert.Contains("refs/heads/main is damaged", Assert.Single(kept.Problems), StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => Keep(Resolution("issue", Upstream)));
    }

    [Fact]
    public void Repository_that_is_a_file_is_said()
    {
        File.WriteAllText(Workspace.State.Resolutions, "");

        Assert.Contains("It is no directory.", Assert.Single(Store.Load().Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void What_somebody_else_put_there_is_removed_whatever_its_name()
    {
        Keep(Resolution("motd", Upstream));
        var copy = Path.Combine(_cluster.Root, "copy");
        Tool.Run("git", "clone", "-q", Workspace.State.Resolutions, copy);
        File.WriteAllText(Path.Combine(copy, "abcd"), "");
        Tool.Git(copy, "add", "abcd");
        Tool.Git(copy, "commit", "-qm", "a note");
        Tool.Git(copy, "push", "-q", "origin", "HEAD:main");

        Assert.DoesNotContain("..", Assert.Single(Store.Load().Problems), StringComparison.Ordinal);
        Assert.True(Store.RemoveDamaged("abcd", Ann, CancellationToken.None));
        Assert.Empty(Store.Load().Problems);
    }

    [Fact]
    public void Killed_before_the_reference_moved_nothing_was_kept()
    {
        Keep(Resolution("motd", Upstream));
        var before = Tool.Run("git", "--git-dir=" + Workspace.State.Resolutions, "rev-parse", "main").Trim();
        Keep(Resolution("issue", Upstream));
        // The objects are there, and so is the lock of who was killed.
        File.WriteAllText(Path.Combine(Workspace.State.Resolutions, "refs/heads/main"), before + "\n");
        var abandoned = Path.Combine(Workspace.State.Resolutions, "refs/heads/main.lock");
        File.WriteAllText(abandoned, "");
        File.SetLastWriteTimeUtc(abandoned, DateTime.UtcNow.AddMinutes(-1));

        Assert.Equal("motd", Assert.Single(Store.Load().Set.All).Key.Name);
        Keep(Resolution("issue", Upstream));
        Assert.Equal(2, Store.Load().Set.All.Count());
    }

    [Fact]
    public void Who_comes_second_with_another_answer_is_told()
    {
        var seen = Store.Load();
        Keep(Resolution("motd", Upstream));

        var outcome = Store.Keep(seen, [new(Resolution("motd", new DisputeAnswer.Take(DisputeSide.Client)), ContentsInDispute.Unknown)], Ann, CancellationToken.None);

        Assert.Equal(Upstream, Assert.IsType<KeepOutcome.Overtaken>(outcome).Standing.Answer);
        Assert.Equal(Upstream, Assert.Single(Store.Load().Set.All).Answer);
    }

    [Fact]
    public void Who_has_seen_what_stands_may_change_it()
    {
        Keep(Resolution("motd", Upstream));

        Keep(Resolution("motd", new DisputeAnswer.Replace("both\n"u8.ToArray())));
        Keep(Resolution("motd", new DisputeAnswer.Take(DisputeSide.Client)));

        Assert.Equal(new DisputeAnswer.Take(DisputeSide.Client), Assert.Single(Store.Load().Set.All).Answer);
    }

    [Fact]
    public async Task All_that_many_keep_at_once_is_kept()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Task.Run(() => Keep(Resolution($"file{number}", Upstream)))));

        Assert.Equal(8, Store.Load().Set.All.Count());
    }

    [Fact]
    public void Name_that_is_not_text_is_refused()
    {
        var key = new DisputeKey(RepoPath.Parse("hosts"), "\udcff", "a", "b", "c");

        Assert.Throws<InvalidDataException>(() => Keep(new(key, Upstream, [], "ann", When)));
        Assert.Empty(Store.Load().Set.All);
    }

    private void Keep(Resolution resolution)
    {
        var store = Store;
        Assert.IsType<KeepOutcome.Kept>(store.Keep(store.Load(), [new(resolution, new("before\n"u8.ToArray(), null, "theirs\n"u8.ToArray()))], Ann, CancellationToken.None));
    }

    private static Resolution Resolution(string name, DisputeAnswer answer, params string[] clients)
    {
        var parts = name.Split('#');
        var key = new DisputeKey(RepoPath.Parse(parts[0]), parts.Length > 1 ? parts[1] : null, "100644 a", "100644 b", "-");
        return new(key, answer, [.. clients.Select(ClientName.Parse)], "ann", When);
    }

    private string Log(string format) => Tool.Run("git", "--git-dir=" + Workspace.State.Resolutions, "log", format, "main");

    private void Damage(string digest, string file, string content)
    {
        var copy = Path.Combine(_cluster.Root, "copy");
        Tool.Run("git", "clone", "-q", Workspace.State.Resolutions, copy);
        File.WriteAllText(Path.Combine(copy, digest, file), content);
        Tool.Git(copy, "commit", "-qam", "damage");
        Tool.Git(copy, "push", "-q", "origin", "HEAD:main");
    }
}
