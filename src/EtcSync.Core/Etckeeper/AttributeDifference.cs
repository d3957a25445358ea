namespace EtcSync.Core.Etckeeper;

/// <summary>A path that has another mode, owner or group than before, or that became or ceased to be an empty directory.</summary>
/// <param name="Path">The path; "." for the top.</param>
/// <param name="What">What changed, in a few words: "mode 0644 becomes 0600".</param>
public sealed record AttributeChange(string Path, string What)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Path}: {What}";
}

/// <summary>Two .etckeeper compared by what they mean.</summary>
public static class AttributeDifference
{
    /// <summary>What differs, by path; paths that only one of them names are not among it, for their content came or went.</summary>
    public static IEnumerable<AttributeChange> Of(EtckeeperFile before, EtckeeperFile after)
    {
        foreach (var now in after.Records)
        {
            if (before.Find(now.Path) is not { } was || was.SaysTheSame(now)) continue;
            if (was.Mode != now.Mode) yield return new(now.Path, $"mode {Octal(was.Mode)} becomes {Octal(now.Mode)}");
            if (was.Owner != now.Owner) yield return new(now.Path, $"owner {was.Owner ?? "root"} becomes {now.Owner ?? "root"}");
            if (was.Group != now.Group) yield return new(now.Path, $"group {was.Group ?? "root"} becomes {now.Group ?? "root"}");
        }

        foreach (var path in after.EmptyDirectories.Except(before.EmptyDirectories, StringComparer.Ordinal)) yield return new(path, "an empty directory");
        foreach (var path in before.EmptyDirectories.Except(after.EmptyDirectories, StringComparer.Ordinal)) yield return new(path, "no empty directory any more");
    }

    private static string Octal(int? mode) => mode is { } bits ? Convert.ToString(bits, 8).PadLeft(4, '0') : "unset";
}
