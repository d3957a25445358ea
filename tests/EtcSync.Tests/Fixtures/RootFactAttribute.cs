namespace EtcSync.Tests.Fixtures;

/// <summary>A test that only root can run; others skip it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (!Environment.IsPrivilegedProcess) Skip = "This needs root.";
    }
}
