using EtcSync.Core.Git;
using EtcSync.Git;
using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Git;

/// <summary>References beside a git that packs them: 'git gc' does, whenever somebody runs it.</summary>
public sealed class RefStoreTests : IDisposable
{
    private const string Layer = "refs/heads/group/lab";
    private const string Applying = "refs/etcsync/applying";
    private readonly string _directory = Directory.CreateTempSubdirectory("etcsync-refs-").FullName;
    private readonly RefStore _refs;
    private readonly ObjectId _one, _other;

    public RefStoreTests()
    {
        Tool.Git(_directory, "init", "-q", "--bare");
        var tree = Tool.Git(_directory, "mktree").Trim();
        (_one, _other) = (Commit("one"), Commit("other"));
        _refs = new(_directory);

        ObjectId Commit(string message) => ObjectId.Parse(Tool.Git(_directory, "commit-tree", tree, "-m", message).Trim());
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Reference_thatIsPackedWhileItIsRead_isFound()
    {
        _refs.TryUpdate(Layer, null, _one);
        var packing = Packing();
        var (present, next) = (_one, _other);
        while (!packing.IsCompleted)
        {
            // Made as a file again, which the next 'git pack-refs' removes.
            Assert.True(_refs.TryUpdate(Layer, present, next));
            (present, next) = (next, present);
            for (var i = 0; i < 20; i++)
            {
                Assert.Equal(present, _refs.Read(Layer));
                Assert.Equal([Layer], _refs.List("refs/heads/group/").Keys);
            }
        }

        await packing;
    }

    [Fact]
    public async Task Reference_thatIsPackedWhileItIsDeleted_isGone()
    {
        var packing = Packing();
        while (!packing.IsCompleted)
        {
            Assert.True(_refs.TryUpdate(Applying, null, _one));
            _refs.Delete(Applying);
            Assert.Null(_refs.Read(Applying));
        }

        await packing;
        Tool.Git(_directory, "pack-refs", "--all");
        Assert.Null(_refs.Read(Applying));
    }

    private Task Packing() => Task.Run(() =>
    {
        for (var i = 0; i < 60; i++) Tool.Git(_directory, "pack-refs", "--all", "--prune");
    });
}
