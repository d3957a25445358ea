using EtcSync.Tests.Fixtures;

namespace EtcSync.Tests.Boot;

/// <summary>A fact that needs mounts of its own and another root.</summary>
public sealed class ChrootFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> Works = new(() => Environment.IsPrivilegedProcess && Tool.Try("unshare", "--mount", "--propagation", "private", "--", "sh", "-c", "mount --rbind /tmp /tmp && chroot / true").Code == 0);

    public ChrootFactAttribute()
    {
        if (!Works.Value) Skip = "Needs root, and the right to mount in a namespace.";
    }
}
