namespace EtcSync.Core.Adoption;

/// <summary>Finds what a merge that stopped leaves in a file (git-merge(1), "How conflicts are presented").</summary>
public static class ConflictMarkers
{
    /// <summary>The line of the first of them, from 1; 0 where the file has none.</summary>
    /// <param name="content">The file's content.</param>
    /// <remarks>All three kinds in their order count: a line of seven equals signs alone is a heading somewhere.</remarks>
    public static int FindIn(ReadOnlySpan<byte> content)
    {
        var (line, first, state) = (0, 0, 0);
        foreach (var range in content.Split((byte)'\n'))
        {
            line++;
            var text = content[range].TrimEnd((byte)'\r');
            if (IsMarker(text, (byte)'<')) (first, state) = (line, 1);
            else if (state == 1 && text.SequenceEqual("======="u8)) state = 2;
            else if (state == 2 && IsMarker(text, (byte)'>')) return first;
        }

        return 0;
    }

    private static bool IsMarker(ReadOnlySpan<byte> line, byte sign) =>
        line.Length >= 7 && !line[..7].ContainsAnyExcept(sign) && (line.Length == 7 || line[7] == (byte)' ');
}
