using System.Globalization;
using System.Text;

namespace EtcSync.Cli.Conflicts;

/// <summary>The report as a page: one file that needs nothing else, readable without script.</summary>
internal sealed class HtmlReport
{
    private const int MostNames = 12;

    private readonly StringBuilder _page = new();

    private HtmlReport()
    {
    }

    /// <summary>Makes the page.</summary>
    /// <param name="report">What it says.</param>
    /// <param name="when">When the fleet was looked at.</param>
    public static string Of(ConflictReport report, DateTimeOffset when)
    {
        var html = new HtmlReport();
        html.Write(report, when);
        return html._page.ToString();
    }

    private void Write(ConflictReport report, DateTimeOffset when)
    {
        // A page that obeys nothing but its own style cannot be made to load or run anything by what stands in it.
        _page.Append($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>EtcSync: conflicts</title>
            <style>
            {HtmlStyle.Css}
            </style>
            </head>
            <body>
            <main>
            <h1>Conflicts</h1>
            <p class="faint">{report.Summary}, seen on {when.ToString("yyyy-MM-dd 'at' HH:mm:ss zzz", CultureInfo.InvariantCulture)}</p>

            """);
        if (report.IsEmpty) Line("<p>There are no conflicts.</p>");
        if (report.Clients.Length + report.Layers.Length > 1) Contents(report);
        if (!report.Unseen.IsEmpty) Unseen(report);
        if (!report.Layers.IsEmpty) Section("Between layers and upstream", report.Layers, 0);
        if (!report.Clients.IsEmpty) Section("On clients", report.Clients, report.Layers.Length);
        Line("</main>\n</body>\n</html>");
    }

    private void Contents(ConflictReport report)
    {
        Line("<h2 id=\"all\">All of them</h2>\n<table class=\"list\">\n<thead><tr><th scope=\"col\">In dispute</th><th scope=\"col\">Why</th><th scope=\"col\">Where</th></tr></thead>\n<tbody>");
        foreach (var (number, entry) in report.Entries.Index())
        {
            var where = entry.Group is { } group ? $"group/{HtmlText.Of(group)}" : entry.Clients is [var only] ? HtmlText.Of(only) : Words.Count(entry.Clients.Length, "client");
            Line($"<tr><td><a href=\"#c{number + 1}\">{HtmlText.Of(entry.Key.Name)}</a></td><td>{HtmlText.Of(entry.Reason)}</td><td>{where}</td></tr>");
        }

        Line("</tbody>\n</table>");
    }

    private void Unseen(ConflictReport report)
    {
        Line("<h2>Clients that could not be looked at</h2>\n<ul>");
        foreach (var preview in report.Unseen) Line($"<li><strong>{HtmlText.Of(preview.Client.Name.Value)}</strong>: {HtmlText.Of(preview.Problem!)}</li>");
        Line("</ul>");
    }

    private void Section(string title, IReadOnlyList<ConflictEntry> entries, int before)
    {
        Line($"<h2>{title}</h2>");
        foreach (var (number, entry) in entries.Index()) Entry(entry, before + number + 1);
    }

    private void Entry(ConflictEntry entry, int number)
    {
        Line($"<article id=\"c{number}\" aria-labelledby=\"t{number}\">\n<header><h3 id=\"t{number}\">{HtmlText.Of(entry.Key.Name)}</h3>{(entry.Group is null ? $"<code>{entry.Key.Id}</code>" : "")}</header>");
        if (entry.Group is { } group) Line($"<p>In the layer <strong>group/{HtmlText.Of(group)}</strong>, for all its clients</p>");
        else Names(entry.Clients);
        Line($"<p><span class=\"bad\">{Words.Of(entry.Conflict.Kind)}:</span> {HtmlText.Of(entry.Reason)}</p>");
        if (entry.Difference is { } difference) Line($"<p>{HtmlText.Of(difference)}</p>");
        if (entry.Lines is { } lines) new HtmlLines(_page, entry).Write(lines);
        Line("<dl>");
        if (entry.Lines is null) foreach (var version in entry.Versions) Field(Title(version.Name), HtmlText.Of(version.Description));
        if (!entry.Changes.IsEmpty) Field("Changed by", Items(entry.Changes.Select(Change)));
        if (!entry.Asked.IsEmpty) Field("Rules asked", Items(entry.Asked.Select(rule => HtmlText.Of(rule.ToString()))));
        if (!entry.Holds.IsEmpty) Field("Holds", $"{HtmlText.Of(string.Join(", ", entry.Holds))} (changed only together with it)");
        Remedy(entry.Remedy);
        Line("</dl>\n</article>");
    }

    private void Names(IReadOnlyList<string> clients)
    {
        if (clients.Count <= MostNames) Line($"<p>On <strong>{HtmlText.Of(string.Join(", ", clients))}</strong></p>");
        else Line($"<details><summary>On <strong>{clients.Count} clients</strong>: {HtmlText.Of(string.Join(", ", clients.Take(MostNames)))} …</summary><p>{HtmlText.Of(string.Join(", ", clients))}</p></details>");
    }

    private void Remedy(Remedy remedy)
    {
        if (remedy.Commands.Count > 0) Field("Settle it", string.Concat(remedy.Commands.Select(Command)) + $"<p>{HtmlText.Of(remedy.Sentence)}</p>");
        else Field("Settle it", HtmlText.Of(remedy.Sentence));
        if (remedy.Drop is { } drop) Field("Give it up", Command(drop));
        if (remedy.Rule is { } rule) Field("Keep it", $"To keep the client's for good, add this below <code>rules:</code> in <code>{HtmlText.Of(remedy.RuleFile)}</code>:<pre>{HtmlText.Of(rule)}</pre>");
        if (remedy.Look.Count > 0) Field("Look", string.Concat(remedy.Look.Select(command => $"<pre>{HtmlText.Of(command)}</pre>")));
        if (remedy.Files.Count == 1) Field("File", $"<code>{HtmlText.Of(remedy.Files[0])}</code>");
        else if (remedy.Files.Count > 1) Field("Files", $"<details><summary>{remedy.Files.Count} files</summary>{Items(remedy.Files.Select(file => $"<code>{HtmlText.Of(file)}</code>"))}</details>");
    }

    private static string Command(RemedyCommand command) => $"<pre>{HtmlText.Of(command.Command)}</pre><p class=\"faint\">{HtmlText.Of(command.Meaning)}</p>";

    private static string Change(SideChange change)
    {
        var who = $"<strong>{HtmlText.Of(change.Who)}</strong>: ";
        if (change.Commit is not { } commit) return $"{who}in its files, not committed yet";
        var when = commit.Author.When;
        return $"{who}{HtmlText.Of(commit.Author.Name)}, <time datetime=\"{when.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture)}\">{when.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)}</time>, <code>{commit.Id.Short}</code> {HtmlText.Of(commit.Subject)}";
    }

    private static string Items(IEnumerable<string> items) => $"<ul>{string.Concat(items.Select(item => $"<li>{item}</li>"))}</ul>";

    private static string Title(string name) => char.ToUpperInvariant(name[0]) + name[1..];

    private void Field(string title, string html) => Line($"<dt>{title}</dt><dd>{html}</dd>");

    private void Line(string html) => _page.Append(html).Append('\n');
}
