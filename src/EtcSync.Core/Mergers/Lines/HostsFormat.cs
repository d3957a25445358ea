using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using EtcSync.Core.Mergers.Layout;

namespace EtcSync.Core.Mergers.Lines;

/// <summary>
/// <c>hosts</c> (hosts(5)): one record for each address; the name that it stands for, then further ones. On the addresses that stand
/// for no other machine one name after the other is listed, so there each line is a record of its own.
/// </summary>
internal sealed class HostsFormat : NamedLineFormat
{
    /// <inheritdoc/>
    protected override IReadOnlyList<string?> Fields { get; } = [null, "canonical name"];

    /// <inheritdoc/>
    public override IEnumerable<CrossDispute> Check(ThreeFiles files, IReadOnlyDictionary<string, ImmutableArray<string>> merged) => OnTwoAddresses(files, merged).Concat(Moved(files, merged));

    private static IEnumerable<CrossDispute> OnTwoAddresses(ThreeFiles files, IReadOnlyDictionary<string, ImmutableArray<string>> merged)
    {
        // A name that is new beside another one is in a record that the client has not, and in one that upstream has not.
        var (newToClient, newToUpstream) = (ChangedFrom(files.Client, merged), ChangedFrom(files.Upstream, merged));
        var suspects = PlacesOf(newToClient, merged);
        suspects.IntersectWith(PlacesOf(newToUpstream, merged));
        var places = suspects.Count == 0 ? [] : Places(merged, suspects).Where(pair => pair.Value.Count > 1).ToDictionary();
        if (places.Count == 0) yield break;
        suspects.IntersectWith(places.Keys);
        // A side has these names where the merged records have them, or in records that are not as it has them.
        var known = places.Values.SelectMany(keys => keys).ToList();
        var ancestor = Places(files.Base, ChangedFrom(files.Base, merged).Concat(known), suspects);
        var client = Places(files.Client, newToClient.Concat(known), suspects);
        var upstream = Places(files.Upstream, newToUpstream.Concat(known), suspects);
        foreach (var (place, keys) in places.OrderBy(pair => pair.Key.Name, StringComparer.Ordinal).ThenBy(pair => pair.Key.Family))
        {
            if (KeysOf(client, place).Count > 1 || KeysOf(upstream, place).Count > 1) continue;
            yield return new(
                new(
                    FileText.Printable(place.Name), "The name would come to stand on two addresses.",
                    Lines(files.Base, ancestor, place), Lines(files.Client, client, place), Lines(files.Upstream, upstream, place)),
                side => keys.Where(key => !files[side][key].SelectMany(PlacesOf).Contains(place)).Select(key => KeyValuePair.Create(key, Without(merged[key], place))));
        }
    }

    // By its addresses, a name that one side removed and the other gave a new address is a record gone and another one new.
    private static IEnumerable<CrossDispute> Moved(ThreeFiles files, IReadOnlyDictionary<string, ImmutableArray<string>> merged)
    {
        // Nearly always every name is where it was, or gone for good: then the sides are not looked through.
        var left = files.Base.Keys.Where(key => !merged.TryGetValue(key, out var texts) || !texts.AsSpan().SequenceEqual(files.Base[key].AsSpan())).ToList();
        var lost = left.SelectMany(key => files.Base[key].SelectMany(PlacesOf).Except(merged.GetValueOrDefault(key, []).SelectMany(PlacesOf))).ToHashSet();
        if (lost.Count == 0) yield break;
        var moved = Places(merged, lost).Where(pair => pair.Value.Count == 1).ToDictionary();
        if (moved.Count == 0) yield break;
        lost.IntersectWith(moved.Keys);
        var (ancestor, client, upstream) = (Places(files.Base, left, lost), Places(files.Client, files.Client.Keys, lost), Places(files.Upstream, files.Upstream.Keys, lost));
        foreach (var (place, keys) in moved.OrderBy(pair => pair.Key.Name, StringComparer.Ordinal).ThenBy(pair => pair.Key.Family))
        {
            var before = KeysOf(ancestor, place);
            if (client.ContainsKey(place) == upstream.ContainsKey(place)) continue;
            yield return new(
                new(
                    FileText.Printable(place.Name), "One side removed the name, and the other gave it another address.",
                    Lines(files.Base, ancestor, place), Lines(files.Client, client, place), Lines(files.Upstream, upstream, place)),
                side => side == (client.ContainsKey(place) ? DisputeSide.Client : DisputeSide.Upstream) ? [] : Elsewhere(place, keys, side == DisputeSide.Base ? before : []));
        }

        IEnumerable<KeyValuePair<string, ImmutableArray<string>>> Elsewhere(Place place, List<string> from, List<string> to) =>
            from.Select(key => KeyValuePair.Create(key, Without(merged[key], place))).Concat(to.Where(key => !merged.ContainsKey(key)).Select(key => KeyValuePair.Create(key, files.Base[key])));
    }

    /// <inheritdoc/>
    protected override string? KeyOf(ReadOnlySpan<char> first, ReadOnlySpan<char> second, out string problem)
    {
        problem = "does not begin with an address";
        // Only addresses of the sixth version have several spellings.
        if (IsDotted(first)) return first is "127.0.0.1" or "0.0.0.0" ? $"{first} {FileText.Lower(second.ToString())}" : first.ToString();
        if (Address(first) is not { } address) return null;
        if (IsShared(address)) return $"{address} {FileText.Lower(second.ToString())}";
        return first.IndexOf('%') is var scope and >= 0 ? string.Concat(address.ToString(), first[scope..]) : address.ToString();
    }

    // A scope ("%eth0") is looked up among the interfaces of the machine that parses it, so it is kept out.
    private static IPAddress? Address(ReadOnlySpan<char> word)
    {
        var scope = word.IndexOf('%');
        if (!IPAddress.TryParse(scope < 0 ? word : word[..scope], out var address)) return null;
        return address.AddressFamily == AddressFamily.InterNetwork && !IsDotted(word) ? null : address;
    }

    // "10.1", "0x0a000001" and "012.0.0.1" are addresses for some programs, and other ones for others.
    private static bool IsDotted(ReadOnlySpan<char> word)
    {
        if (word.Count('.') != 3) return false;
        foreach (var part in word.Split('.'))
        {
            if (word[part] is not { Length: >= 1 and <= 3 } digits || digits.IndexOfAnyExceptInRange('0', '9') >= 0) return false;
            if (digits.Length > 1 && digits[0] == '0') return false;
            if (digits.Length == 3 && digits.CompareTo("255", StringComparison.Ordinal) > 0) return false;
        }

        return true;
    }

    private static bool IsShared(IPAddress address) =>
        address.Equals(IPAddress.Loopback) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Loopback) || address.Equals(IPAddress.IPv6Any);

    // A machine's own name stands on a loopback address as well, and a blocked one on none.
    private static bool IsOfAMachine(IPAddress address) =>
        !IPAddress.IsLoopback(address) && !IsShared(address) && !address.IsIPv6Multicast && address.ToString() is not "255.255.255.255";

    private static List<string> ChangedFrom(RecordFile version, IReadOnlyDictionary<string, ImmutableArray<string>> merged)
    {
        var changed = new List<string>();
        foreach (var (key, texts) in merged)
        {
            if (!texts.AsSpan().SequenceEqual(version[key].AsSpan())) changed.Add(key);
        }

        return changed;
    }

    private static HashSet<Place> PlacesOf(List<string> keys, IReadOnlyDictionary<string, ImmutableArray<string>> records) => [.. keys.SelectMany(key => records[key]).SelectMany(PlacesOf)];

    // In the order of the file, which is the same for all that have this version.
    private static Dictionary<Place, List<string>> Places(RecordFile file, IEnumerable<string> keys, HashSet<Place> wanted)
    {
        var concerned = keys.ToHashSet(StringComparer.Ordinal);
        return Places(file.Keys.Where(concerned.Contains).Select(key => KeyValuePair.Create(key, file[key])), wanted);
    }

    // On which addresses each of these names stands, by family: a name has one address of each as a rule.
    private static Dictionary<Place, List<string>> Places(IEnumerable<KeyValuePair<string, ImmutableArray<string>>> records, HashSet<Place> wanted)
    {
        var names = wanted.Select(place => place.Name).ToHashSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
        var places = new Dictionary<Place, List<string>>();
        foreach (var (key, texts) in records)
        {
            foreach (var text in texts)
            {
                if (!HasWord(text, names)) continue;
                foreach (var place in PlacesOf(text).Where(wanted.Contains))
                {
                    if (!places.TryGetValue(place, out var found)) places[place] = found = [];
                    if (found.Count == 0 || found[^1] != key) found.Add(key);
                }
            }
        }

        return places;
    }

    // Nearly every line has none of them behind its address, and is not taken apart to see it.
    private static bool HasWord(ReadOnlySpan<char> text, HashSet<string>.AlternateLookup<ReadOnlySpan<char>> words)
    {
        text = text[(text.LastIndexOf('\n') + 1)..];
        if (text.IndexOf('#') is var comment and >= 0) text = text[..comment];
        _ = FieldLine.NextWord(ref text);
        while (FieldLine.NextWord(ref text) is { IsEmpty: false } word)
        {
            if (words.Contains(word)) return true;
        }

        return false;
    }

    private static List<string> KeysOf(Dictionary<Place, List<string>> places, Place place) => places.GetValueOrDefault(place, []);

    private static IEnumerable<Place> PlacesOf(string text)
    {
        var words = WordsOf(text);
        return words.Length > 0 && Address(words[0]) is { } address && IsOfAMachine(address) ? words.Skip(1).Select(word => new Place(address.AddressFamily, FileText.Lower(word))) : [];
    }

    // An answer can have comments above its line.
    private static string[] WordsOf(string text) => FileText.Words(text[(text.LastIndexOf('\n') + 1)..].Split('#', 2)[0]);

    private static byte[]? Lines(RecordFile file, Dictionary<Place, List<string>> places, Place place) =>
        RecordVersions.Lines([.. KeysOf(places, place).SelectMany(key => file[key]).Where(text => PlacesOf(text).Contains(place))]);

    // A line without its last name says nothing any more.
    private static ImmutableArray<string> Without(ImmutableArray<string> texts, Place place) =>
        [.. texts.Select(text => PlacesOf(text).Contains(place) ? Without(text, place.Name) : text).OfType<string>()];

    private static string? Without(string text, string name)
    {
        var start = text.LastIndexOf('\n') + 1;
        var line = FieldLine.WithComment(text[start..]);
        var words = line.Words.RemoveAll(word => FileText.Lower(word.Text) == name);
        return words.Length < 2 ? null : text[..start] + (line with { Words = words }).Text;
    }

    private readonly record struct Place(AddressFamily Family, string Name);
}
