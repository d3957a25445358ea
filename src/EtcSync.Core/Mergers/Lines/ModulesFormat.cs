using EtcSync.Core.Mergers.Layout;

namespace EtcSync.Core.Mergers.Lines;

/// <summary><c>modules</c> and <c>modules-load.d</c> (modules(5), modules-load.d(5)): one kernel module a line, in the order in which they are loaded, with parameters on Debian.</summary>
internal sealed class ModulesFormat : RecordFormat
{
    /// <inheritdoc/>
    public override bool OrderMatters => true;

    /// <inheritdoc/>
    public override FormatProblem? Read(IReadOnlyList<string> lines, List<LayoutItem> items)
    {
        foreach (var line in lines) items.Add(new(FileText.IsBlankOrComment(line) || FileText.StartsWith(line, ';') ? null : KeyOf(line), line));
        return null;
    }

    /// <inheritdoc/>
    protected override string MeaningOf(string text) => string.Join(' ', FileText.Words(text).Skip(1));

    // The kernel takes both characters for the same in the name of a module.
    private static string KeyOf(string line) => FileText.Words(line)[0].Replace('-', '_');
}
