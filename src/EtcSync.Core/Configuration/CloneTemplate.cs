using EtcSync.Core.Clients;

namespace EtcSync.Core.Configuration;

/// <summary>Where the clones' work trees are: an absolute path whose last component holds <c>{name}</c> once.</summary>
public sealed record CloneTemplate
{
    private const string Placeholder = "{name}";

    private CloneTemplate(string text) => Text = text;

    /// <summary><c>/srv/etc-{name}</c>.</summary>
    public static CloneTemplate Default { get; } = new("/srv/etc-{name}");

    /// <summary>The template as it was written.</summary>
    public string Text { get; }

    /// <summary>The directory that holds all clones.</summary>
    public string Parent => Text[..Math.Max(1, Text.LastIndexOf('/'))];

    /// <summary>The work tree of a client.</summary>
    public string PathOf(ClientName name) => Text.Replace(Placeholder, name.Value, StringComparison.Ordinal);

    /// <summary>The client whose work tree a directory would be; null where it is none.</summary>
    public ClientName? NameAt(string directory)
    {
        var at = Text.IndexOf(Placeholder, StringComparison.Ordinal);
        var (before, after) = (Text[..at], Text[(at + Placeholder.Length)..]);
        return directory.Length > before.Length + after.Length && directory.StartsWith(before, StringComparison.Ordinal) && directory.EndsWith(after, StringComparison.Ordinal)
            && ClientName.TryParse(directory[before.Length..^after.Length], out var name, out _) ? name : null;
    }

    /// <summary>Reads a template; where it is none, says why in whole sentences.</summary>
    internal static bool TryParse(string text, out CloneTemplate template, out string reason)
    {
        template = Default;
        var at = text.IndexOf(Placeholder, StringComparison.Ordinal);
        if (at < 0 || text.IndexOf(Placeholder, at + 1, StringComparison.Ordinal) >= 0)
        {
            reason = $"{Quoted.Text(text)} must hold {Placeholder} exactly once, as in '{Default.Text}'.";
            return false;
        }

        if (text.IndexOf('/', at) >= 0)
        {
            reason = $"{Quoted.Text(text)} must hold {Placeholder} in its last component, as in '{Default.Text}'.";
            return false;
        }

        if (!SystemPath.TryParse(text.Replace(Placeholder, "name", StringComparison.Ordinal), out _, out reason)) return false;
        template = new(text);
        return true;
    }
}
