using System.Collections.Frozen;
using System.Collections.Immutable;

namespace EtcSync.Core.Exports;

/// <summary>
/// What a list of options comes to, with nfs-utils' defaults for what it does not say: of two that contradict each other the later
/// counts. The order is that of support/nfs/exports.c there, and so are the synonyms.
/// </summary>
internal sealed class EffectiveOptions
{
    private static readonly FrozenDictionary<string, (string Term, string Value)> Words = new Dictionary<string, (string, string)>(StringComparer.Ordinal)
    {
        ["ro"] = ("access", "ro"), ["rw"] = ("access", "rw"),
        ["sync"] = ("sync", "sync"), ["async"] = ("sync", "async"),
        ["wdelay"] = ("wdelay", "wdelay"), ["no_wdelay"] = ("wdelay", "no_wdelay"),
        ["hide"] = ("hide", "hide"), ["nohide"] = ("hide", "nohide"),
        ["crossmnt"] = ("crossmnt", "crossmnt"), ["nocrossmnt"] = ("crossmnt", "nocrossmnt"),
        ["secure"] = ("secure", "secure"), ["insecure"] = ("secure", "insecure"),
        ["root_squash"] = ("root_squash", "root_squash"), ["no_root_squash"] = ("root_squash", "no_root_squash"),
        ["all_squash"] = ("all_squash", "all_squash"), ["no_all_squash"] = ("all_squash", "no_all_squash"),
        ["subtree_check"] = ("subtree_check", "subtree_check"), ["no_subtree_check"] = ("subtree_check", "no_subtree_check"),
        ["secure_locks"] = ("locks", "secure_locks"), ["auth_nlm"] = ("locks", "secure_locks"),
        ["insecure_locks"] = ("locks", "insecure_locks"), ["no_auth_nlm"] = ("locks", "insecure_locks"),
        ["acl"] = ("acl", "acl"), ["no_acl"] = ("acl", "no_acl"),
        ["pnfs"] = ("pnfs", "pnfs"), ["no_pnfs"] = ("pnfs", "no_pnfs"),
        ["nordirplus"] = ("nordirplus", "nordirplus"), ["security_label"] = ("security_label", "security_label"), ["sign_fh"] = ("sign_fh", "sign_fh"),
        ["mp"] = ("mountpoint", "mountpoint"), ["mountpoint"] = ("mountpoint", "mountpoint"), ["fsid=root"] = ("fsid", "fsid=0"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly ImmutableSortedDictionary<string, string> Defaults = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, new Dictionary<string, string>
    {
        ["access"] = "ro", ["sync"] = "sync", ["wdelay"] = "wdelay", ["hide"] = "hide", ["crossmnt"] = "nocrossmnt", ["secure"] = "secure", ["root_squash"] = "root_squash",
        ["all_squash"] = "no_all_squash", ["subtree_check"] = "no_subtree_check", ["locks"] = "secure_locks", ["acl"] = "acl", ["pnfs"] = "no_pnfs",
        ["anonuid"] = "anonuid=65534", ["anongid"] = "anongid=65534", ["sec"] = "sec=sys",
    });

    private readonly ImmutableSortedDictionary<string, string> _terms;

    private EffectiveOptions(ImmutableSortedDictionary<string, string> terms) => _terms = terms;

    /// <summary>Whether it can be written.</summary>
    public bool IsWritable => Is("access", "rw");

    /// <summary>Whether a client's root is nobody here.</summary>
    public bool SquashesRoot => Is("root_squash", "root_squash") || Is("all_squash", "all_squash");

    /// <summary>What the options come to.</summary>
    public static EffectiveOptions Of(IEnumerable<string> options)
    {
        var terms = Defaults.ToBuilder();
        foreach (var option in options)
        {
            if (Term(option) is var (term, value)) terms[term] = value;
        }

        return new(terms.ToImmutable());
    }

    /// <summary>What an option is about, and what it says; null where exports(5) has no such option.</summary>
    public static (string Term, string Value)? Term(string option)
    {
        if (Words.TryGetValue(option, out var word)) return word;
        var equals = option.IndexOf('=', StringComparison.Ordinal);
        return equals <= 0 ? null : option[..equals] switch
        {
            "mp" => ("mountpoint", "mountpoint" + option[equals..]),
            "fsid" or "sec" or "anonuid" or "anongid" or "mountpoint" or "refer" or "replicas" or "xprtsec" or "reexport" => (option[..equals], option),
            _ => null,
        };
    }

    /// <summary>The options that are otherwise here than in another list, as this one has them.</summary>
    public IEnumerable<string> OtherThan(EffectiveOptions other) =>
        _terms.Where(term => other._terms.GetValueOrDefault(term.Key) != term.Value).Select(term => term.Value)
            .Concat(other._terms.Where(term => !_terms.ContainsKey(term.Key)).Select(term => $"no {term.Value}"));

    private bool Is(string term, string value) => _terms.TryGetValue(term, out var actual) && string.Equals(actual, value, StringComparison.Ordinal);
}
