using System.Collections.Immutable;

namespace EtcSync.Core.Configuration;

/// <summary>A place in a text: line and column, both from 1.</summary>
internal readonly record struct YamlMark(int Line, int Column);

/// <summary>A node of a YAML document and where it stands; <c>End</c> is just behind its last character.</summary>
internal abstract record YamlNode(YamlMark Start, YamlMark End)
{
    /// <summary>The kind of node, for messages.</summary>
    public abstract string Kind { get; }

    /// <summary>Whether this is a value left empty (<c>key:</c>, <c>~</c> or <c>null</c>).</summary>
    public virtual bool IsNull => false;
}

/// <summary>A single value; its text is not interpreted, because what a key holds is for the key to say.</summary>
internal sealed record YamlScalar(string Text, bool IsPlain, YamlMark Start, YamlMark End) : YamlNode(Start, End)
{
    public override string Kind => "a single value";

    public override bool IsNull => IsPlain && Text is "" or "~" or "null" or "Null" or "NULL";
}

/// <summary>A list.</summary>
internal sealed record YamlList(ImmutableArray<YamlNode> Items, bool IsFlow, YamlMark Start, YamlMark End) : YamlNode(Start, End)
{
    public override string Kind => "a list";
}

/// <summary>A key with its value.</summary>
internal sealed record YamlEntry(YamlScalar Key, YamlNode Value);

/// <summary>A map, in the order of the text; no key stands twice.</summary>
internal sealed record YamlMap(ImmutableArray<YamlEntry> Entries, bool IsFlow, YamlMark Start, YamlMark End) : YamlNode(Start, End)
{
    public override string Kind => "a map of keys";

    public YamlEntry? Find(string key) => Entries.FirstOrDefault(e => string.Equals(e.Key.Text, key, StringComparison.Ordinal));
}

/// <summary>Something that was already reported (an alias): whoever reads it says nothing more.</summary>
internal sealed record YamlUnreadable(YamlMark Start, YamlMark End) : YamlNode(Start, End)
{
    public override string Kind => "unreadable";
}
