using System.Collections.Frozen;
using System.Collections.Immutable;
using EtcSync.Core.Mergers.Layout;

namespace EtcSync.Core.Mergers.Ssh;

/// <summary>
/// sshd_config(5): a directive on each line, its keyword in any case, and at the end blocks that begin with <c>Match</c> and go on to
/// the next. A block is one record, because what it says depends on its conditions. Additions to what is for everybody stand before
/// the first block.
/// </summary>
internal sealed class SshdFormat : RecordFormat
{
    private const string Match = "match";

    // The place where what is for everybody ends: a record without text.
    private const string End = "\n";

    // Keywords to which every line adds; of any other the first line counts.
    private static readonly FrozenSet<string> Lists = FrozenSet.ToFrozenSet(
        ["acceptenv", "allowgroups", "allowusers", "denygroups", "denyusers", "hostcertificate", "hostkey", "include", "listenaddress", "port"], StringComparer.Ordinal);

    // Older names by which sshd knows a keyword as well (keywords[] in its servconf.c).
    private static readonly FrozenDictionary<string, string> Aliases = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["challengeresponseauthentication"] = "kbdinteractiveauthentication",
        ["dsaauthentication"] = "pubkeyauthentication",
        ["hostbasedacceptedkeytypes"] = "hostbasedacceptedalgorithms",
        ["keepalive"] = "tcpkeepalive",
        ["pubkeyacceptedkeytypes"] = "pubkeyacceptedalgorithms",
        ["skeyauthentication"] = "kbdinteractiveauthentication",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override bool OrderMatters => true;

    /// <inheritdoc/>
    public override FormatProblem? Read(IReadOnlyList<string> lines, List<LayoutItem> items)
    {
        for (var i = 0; i < lines.Count; i++)
        {
            if (FileText.IsBlankOrComment(lines[i]))
            {
                items.Add(new(null, lines[i]));
                continue;
            }

            var (keyword, argument) = Split(lines[i]);
            if (keyword.Length == 0 || argument.Length == 0) return new(i + 1, "has no value");
            if (keyword == Match)
            {
                items.Insert(RecordPlaces.EndBeforeNext(items), new(End, ""));
                return ReadBlocks(lines, i, items);
            }

            items.Add(new(keyword == "subsystem" ? $"{keyword} {FileText.Words(argument)[0]}" : Aliases.GetValueOrDefault(keyword, keyword), lines[i]));
        }

        items.Insert(RecordPlaces.EndOfLast(items), new(End, ""));
        return null;
    }

    /// <inheritdoc/>
    public override FormatProblem? ReadAnswer(string key, IReadOnlyList<string> lines, List<LayoutItem> items)
    {
        if (Read(lines, items) is { } problem) return problem;
        items.RemoveAll(item => item.IsMark);
        return null;
    }

    /// <inheritdoc/>
    public override RecordOutcome Merge(RecordVersions versions)
    {
        var (key, ancestor, client, upstream) = versions;
        // Where there was none, the first line replaces a default: two of them are two opinions.
        if (!Lists.Contains(key) || ancestor.IsEmpty) return base.Merge(versions);
        if (!client.AsSpan().StartsWith(ancestor.AsSpan()) || !upstream.AsSpan().StartsWith(ancestor.AsSpan())) return base.Merge(versions);
        // What both added is there once, or as often as one of them added it.
        var known = upstream.Skip(ancestor.Length).Select(text => Split(text).Argument).ToList();
        return new RecordOutcome.Merged([.. upstream, .. client.Skip(ancestor.Length).Where(text => !known.Remove(Split(text).Argument))]);
    }

    // Each block with all its lines; what comes after its last directive belongs to none.
    private static FormatProblem? ReadBlocks(IReadOnlyList<string> lines, int start, List<LayoutItem> items)
    {
        while (start < lines.Count)
        {
            var (end, last) = (start + 1, start);
            for (; end < lines.Count && (FileText.IsBlankOrComment(lines[end]) || Split(lines[end]).Keyword != Match); end++)
            {
                if (FileText.IsBlankOrComment(lines[end])) continue;
                if (Split(lines[end]).Argument.Length == 0) return new(end + 1, "has no value");
                last = end;
            }

            var conditions = Split(lines[start]).Argument;
            if (conditions.Length == 0) return new(start + 1, "has no value");
            items.Add(new($"{Match} {Conditions(conditions)}", string.Join('\n', lines.Skip(start).Take(last + 1 - start))));
            items.AddRange(lines.Skip(last + 1).Take(end - last - 1).Select(line => new LayoutItem(null, line)));
            start = end;
        }

        return null;
    }

    // What conditions are about is written in any case, and with an equals sign or without. Two blocks that only look as if they
    // were about the same are in dispute at most; of two that are, the second would be without effect.
    private static string Conditions(string text) => string.Join(' ', FileText.Words(FileText.Lower(text).Replace('=', ' ')));

    // A keyword ends at a blank or an equals sign, and either may be followed by the other; or it stands in quotes.
    private static (string Keyword, string Argument) Split(string line)
    {
        var text = line.AsSpan().Trim(" \t\r\f\v");
        if (text.Length > 0 && text[0] == '"' && text[1..].IndexOf('"') is var quoted and > 0) return (FileText.Lower(text.Slice(1, quoted).ToString()), text[(quoted + 2)..].TrimStart(" \t=").ToString());
        var end = text.IndexOfAny(" \t=");
        if (end < 0) return (FileText.Lower(text.ToString()), "");
        var argument = text[end..].TrimStart(" \t");
        if (argument.StartsWith("=")) argument = argument[1..].TrimStart(" \t");
        return (FileText.Lower(text[..end].ToString()), argument.ToString());
    }
}
