namespace EtcSync.EndToEnd.Fixtures;

/// <summary>A test that stops the program at chosen system calls, with strace; skipped where that is not installed or may not trace.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class StraceFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> Works = new(Try);

    public StraceFactAttribute()
    {
        if (!Works.Value) Skip = "strace is not installed (Debian, Arch: strace), or may not trace here.";
    }

    private static bool Try()
    {
        try
        {
            return EtcSync.Tests.Fixtures.Tool.Try("strace", "-f", "-qq", "-o", "/dev/null", "-e", "inject=chdir:signal=SIGKILL", "true").Code == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
