using System.Text;
using EtcSync.Core.Dnsmasq;
using EtcSync.Core.Server;
using EtcSync.FileSystem;
using EtcSync.Server;
using EtcSync.State;

namespace EtcSync.Dnsmasq;

/// <summary>Has the real dnsmasq look at configurations in a scratch directory ('dnsmasq --test').</summary>
internal sealed class DnsmasqTrial(ServerProgram programs, string dnsmasq, Locations locations)
{
    private const int Private = 0x180; // 0600

    // They lead to other files, or run something.
    private static readonly string[] LeftOut = ["conf-file", "conf-dir", "conf-script", "dhcp-host"];

    /// <summary>What it says against options and reservations; null where it takes them.</summary>
    /// <param name="options">The text of our options.</param>
    /// <param name="reservations">The text of our list of reservations, which dnsmasq does not look at when it only tests: they are given as options.</param>
    /// <param name="cancellation">Ends it.</param>
    public string? OfOurs(string options, string reservations, CancellationToken cancellation) => Run(Together(options, reservations), cancellation);

    /// <summary>What it says against ours together with what others wrote; null where it takes them.</summary>
    /// <inheritdoc cref="OfOurs"/>
    public string? OfAll(string options, string reservations, CancellationToken cancellation) => Run(Others() + Together(options, reservations), cancellation);

    /// <summary>What it says against what others wrote; null where it takes that.</summary>
    public string? OfOthers(CancellationToken cancellation) => Run(Others(), cancellation);

    private static string Together(string options, string reservations) =>
        string.Concat(FileLines.Split(reservations).Where(line => line[0] is not ('#' or '\n')).Select(line => "dhcp-host=" + line).Prepend(options));

    // Reservations of others are compared with ours beforehand; an address that stands in both would end the test.
    private string Others()
    {
        var files = DnsmasqSources.Read(locations);
        var lines = files.ToDictionary(file => file.Path, file => FileLines.Split(MarkedBlock.Blank(file.Text)), StringComparer.Ordinal);
        return string.Concat(DnsmasqConfiguration.Read(files).Options.Where(line => !LeftOut.Contains(line.Option)).Select(line => lines[line.File][line.Number - 1].TrimEnd('\n') + "\n"));
    }

    private string? Run(string text, CancellationToken cancellation)
    {
        var scratch = Directory.CreateTempSubdirectory("etcsync-dnsmasq-").FullName;
        try
        {
            var file = scratch + "/dnsmasq.conf";
            SecureDirectory.WriteFile(file, Encoding.Latin1.GetBytes(text), Private);
            var output = programs.Run(dnsmasq, ["--test", "--conf-file=" + file], cancellation);
            if (output.IsLate) return "it did not come to an end";
            return output.ExitCode == 0 ? null : Explained(output.Words, text, file);
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    // The line says more than its number in a file that is gone.
    private static string Explained(string said, string text, string file)
    {
        const string AtLine = " at line ";
        var start = said.IndexOf(AtLine, StringComparison.Ordinal);
        var end = said.IndexOf($" of {file}", StringComparison.Ordinal);
        var lines = FileLines.Split(text);
        return start >= 0 && end > start && int.TryParse(said.AsSpan(start + AtLine.Length, end - start - AtLine.Length), System.Globalization.NumberStyles.None, null, out var number) && number >= 1 && number <= lines.Length
            ? $"{said[..start]}: '{lines[number - 1].Trim()}'"
            : said;
    }
}
