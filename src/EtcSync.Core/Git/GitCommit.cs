using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using EtcSync.Core.Clients;

namespace EtcSync.Core.Git;

/// <summary>Who did something and when, as a commit records it.</summary>
/// <param name="Name">The name.</param>
/// <param name="Email">The address.</param>
/// <param name="When">The time, with its offset.</param>
public sealed record Signature(string Name, string Email, DateTimeOffset When)
{
    /// <summary>What we do ourselves.</summary>
    public static Signature OfEtcSync(DateTimeOffset when) => new("EtcSync", "etcsync@localhost", when);

    /// <summary>What a client did.</summary>
    public static Signature OfClient(ClientName client, DateTimeOffset when) => new(client.Value, $"root@{client}", when);

    internal static Signature Parse(string text)
    {
        var open = text.LastIndexOf('<');
        var close = text.LastIndexOf('>');
        if (open < 0 || close < open) return new(text, "", DateTimeOffset.UnixEpoch);
        var time = text[(close + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var when = DateTimeOffset.UnixEpoch;
        if (time.Length > 0 && long.TryParse(time[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds)
            && seconds is > -62135596800 and < 253402300800)
        {
            when = DateTimeOffset.FromUnixTimeSeconds(seconds);
            if (time.Length > 1 && int.TryParse(time[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var zone)
                && Math.Abs(zone) <= 1400 && Math.Abs(zone) % 100 < 60)
            {
                when = when.ToOffset(new TimeSpan(zone / 100, zone % 100, 0));
            }
        }

        return new(text[..open].TrimEnd(), text[(open + 1)..close], when);
    }

    internal string ToRaw()
    {
        var offset = When.Offset;
        var sign = offset < TimeSpan.Zero ? '-' : '+';
        return $"{Clean(Name)} <{Clean(Email)}> {When.ToUnixTimeSeconds()} {sign}{Math.Abs(offset.Hours):00}{Math.Abs(offset.Minutes):00}";
    }

    private static string Clean(string text) => string.Concat(text.Where(c => c is not ('<' or '>' or '\n' or '\0')));
}

/// <summary>A commit object.</summary>
/// <param name="Tree">Its tree.</param>
/// <param name="Parents">Its parents, the branch it was made on first.</param>
/// <param name="Author">Whose change it is.</param>
/// <param name="Committer">Who recorded it.</param>
/// <param name="Message">The message, ending in a newline.</param>
public sealed record GitCommit(ObjectId Tree, ImmutableArray<ObjectId> Parents, Signature Author, Signature Committer, string Message)
{
    /// <summary>The first line of the message.</summary>
    public string Subject => Message.TrimStart('\n').Split('\n', 2)[0];

    /// <summary>Parses the raw content of a commit object; headers other than the five known ones are passed over.</summary>
    /// <exception cref="InvalidDataException">The content is not a commit.</exception>
    public static GitCommit Parse(ReadOnlySpan<byte> content)
    {
        var text = Encoding.UTF8.GetString(content);
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        var headers = end < 0 ? text : text[..end];
        ObjectId? tree = null;
        var parents = ImmutableArray.CreateBuilder<ObjectId>();
        Signature? author = null, committer = null;
        foreach (var line in headers.Split('\n'))
        {
            if (line.StartsWith("tree ", StringComparison.Ordinal) && ObjectId.TryParse(line[5..], out var t)) tree ??= t;
            else if (line.StartsWith("parent ", StringComparison.Ordinal) && ObjectId.TryParse(line[7..], out var p)) parents.Add(p);
            else if (line.StartsWith("author ", StringComparison.Ordinal)) author ??= Signature.Parse(line[7..]);
            else if (line.StartsWith("committer ", StringComparison.Ordinal)) committer ??= Signature.Parse(line[10..]);
        }

        if (tree is not { } found || author is null || committer is null) throw new InvalidDataException("A commit object is malformed.");
        return new(found, parents.ToImmutable(), author, committer, end < 0 ? "" : text[(end + 2)..]);
    }

    /// <summary>The raw content of the commit object.</summary>
    public byte[] ToBytes()
    {
        var text = new StringBuilder();
        text.Append($"tree {Tree}\n");
        foreach (var parent in Parents) text.Append($"parent {parent}\n");
        text.Append($"author {Author.ToRaw()}\ncommitter {Committer.ToRaw()}\n\n{Message}");
        if (!Message.EndsWith('\n')) text.Append('\n');
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>The value of the last trailer "key: value" of the message, or null (git-interpret-trailers).</summary>
    public string? Trailer(string key) => Trailers(key).FirstOrDefault();

    /// <summary>The values of all trailers "key: value" of the message, the last one first.</summary>
    public IEnumerable<string> Trailers(string key) => Message.TrimEnd().Split('\n').Reverse().TakeWhile(line => line.Length > 0)
        .Where(line => line.StartsWith(key + ": ", StringComparison.OrdinalIgnoreCase)).Select(line => line[(key.Length + 2)..].Trim());
}
