namespace EtcSync.Core.Configuration;

/// <summary>A configuration file that was read.</summary>
/// <param name="Name">Its path, as messages name it.</param>
/// <param name="Text">Its content; empty for a file that is absent, which means the defaults.</param>
public sealed record ConfigurationFile(string Name, string Text)
{
    /// <summary>The last component of the path.</summary>
    public string BaseName => Name[(Name.LastIndexOf('/') + 1)..];
}
