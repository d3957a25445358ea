using EtcSync.Core.Text;

namespace EtcSync.Core.Server;

/// <summary>A file, or a part of one, as it is meant to be.</summary>
/// <param name="Part">What it belongs to.</param>
/// <param name="Path">Where it is, as the configuration spells it: absolute, before any sandbox.</param>
/// <param name="Content">What is in it.</param>
/// <param name="Reload">What has to be told when it changes.</param>
public sealed record GeneratedFile(ServerPart Part, string Path, GeneratedContent Content, ReloadKind Reload);

/// <summary>What a generated file holds.</summary>
public abstract record GeneratedContent
{
    private GeneratedContent()
    {
    }

    /// <summary>What it says.</summary>
    public string Words => this switch
    {
        Whole whole => whole.Text,
        Block block => block.Lines,
        Link link => $"-> {link.Target}\n",
        _ => throw new InvalidOperationException("Content of an unknown kind."),
    };

    /// <summary>The same of content that was recorded, which is bytes (<see cref="ByteText"/>).</summary>
    public string Readable => this is Link ? Words : ByteText.Readable(Words);

    /// <summary>The whole file is ours (mode 0644).</summary>
    /// <param name="Text">Its text; its first line says who owns it and how to change it.</param>
    public sealed record Whole(string Text) : GeneratedContent;

    /// <summary>A marked block in a file that is otherwise somebody else's (<see cref="MarkedBlock"/>).</summary>
    /// <param name="Lines">Its lines, without the marks.</param>
    public sealed record Block(string Lines) : GeneratedContent;

    /// <summary>A symbolic link.</summary>
    /// <param name="Target">What it leads to.</param>
    public sealed record Link(string Target) : GeneratedContent;
}

/// <summary>What a running program must do to take a changed file over, the least first.</summary>
public enum ReloadKind
{
    /// <summary>Nothing: it is read whenever it is needed.</summary>
    None,

    /// <summary>Read its lists again, without stopping.</summary>
    Reread,

    /// <summary>Start anew.</summary>
    Restart,
}
