using EtcSync.State;

namespace EtcSync.Tests.State;

public sealed class StateDirectoryTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("etcsync-state-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Format_isWrittenWholeForItsOwnerAlone_andLeavesNothingBeside()
    {
        var state = new StateDirectory(Path.Combine(_root, "state"));
        Parallel.For(0, 8, _ => state.Prepare());
        var format = Path.Combine(state.Path, "format");
        Assert.Equal(StateDirectory.Format + "\n", File.ReadAllText(format));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(format));
        Assert.Equal([format], Directory.GetFiles(state.Path));
    }

    [Fact]
    public void NewerFormat_isRefused_andAMissingDirectoryIsNotMadeByLooking()
    {
        var state = new StateDirectory(Path.Combine(_root, "state"));
        state.Check();
        Assert.False(Directory.Exists(state.Path));
        state.Prepare();
        File.WriteAllText(Path.Combine(state.Path, "format"), "2\n");
        Assert.Throws<IOException>(state.Check);
        Assert.Throws<IOException>(state.Prepare);
    }
}
