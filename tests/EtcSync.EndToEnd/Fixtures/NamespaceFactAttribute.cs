using EtcSync.Tests.Fixtures;

namespace EtcSync.EndToEnd.Fixtures;

/// <summary>A test that mounts things in a namespace of its own; skipped where that is not permitted.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NamespaceFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> Works = new(() => Tool.Try("unshare", "--mount", "--net", "mount", "--bind", "/etc", "/srv").Code == 0);

    public NamespaceFactAttribute()
    {
        if (!Works.Value) Skip = "Namespaces, or mounting in them, are not permitted here: this needs root.";
    }
}
