using System.Text;
using EtcSync.Core.Exports;

namespace EtcSync.Core.Tests.Exports;

/// <summary>
/// Each file in Files is read, and the entries must be those in the .txt beside it. With UPDATE_GOLDEN=1 in the environment they are
/// written instead: read the difference before committing it.
/// </summary>
public sealed class ExportsFileTests
{
    public static TheoryData<string> Cases() => [.. Directory.GetFiles(Folder(), "*.exports").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void File_that_is_read_gives_its_entries_and_its_bytes(string name)
    {
        var text = Read(name);
        var golden = Path.Combine(Folder(), name + ".txt");

        var file = Parse(text);

        var actual = string.Concat(file.Lines.Select(Described));
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1") File.WriteAllText(golden, actual, Encoding.Latin1);
        Assert.Equal(File.ReadAllText(golden, Encoding.Latin1), actual);
        Assert.Equal(text, file.Text);
    }

    [Fact]
    public void Mutated_files_never_throw_and_lose_no_byte()
    {
        string[] pieces = ["\\", "\\\n", "\n", "\r", "\0", " ", "\t", "\"", "#", "(", ")", ",", "-", "*", "@", "/", "\\040", "\\134", "..", "\v", "\xff", "host(rw)", "/srv/root"];
        var random = new Random(20261122);
        var sources = Directory.GetFiles(Folder(), "*.exports").Select(f => Read(Path.GetFileNameWithoutExtension(f))).ToArray();
        for (var round = 0; round < 5000; round++)
        {
            var text = new StringBuilder(sources[random.Next(sources.Length)]);
            for (var change = random.Next(1, 8); change > 0; change--)
            {
                var at = random.Next(text.Length + 1);
                if (random.Next(3) == 0 && at < text.Length) text.Remove(at, random.Next(1, Math.Min(20, text.Length - at + 1)));
                else text.Insert(at, pieces[random.Next(pieces.Length)]);
            }

            var file = Parse(text.ToString());
            Assert.Equal(text.ToString(), file.Text);
            Assert.Equal(text.ToString(), file.Without(_ => false));

            var unwanted = file.Entries.Where(_ => random.Next(2) == 0).ToHashSet();
            var left = Parse(file.Without(unwanted.Contains));
            if (file.Lines.All(line => line.Problem is null)) Assert.Equal(file.Entries.Where(entry => !unwanted.Contains(entry)).Select(Said), left.Entries.Select(Said));
        }
    }

    [Fact]
    public void Removing_the_last_client_of_a_line_takes_the_line()
    {
        var file = Parse("# one\n/srv/a hosta(rw) \\\n  hostb(ro)\n/srv/b hosta(rw)\n");

        Assert.Equal("# one\n/srv/b hosta(rw)\n", file.Without(entry => entry.Directory == "/srv/a"));
    }

    [Fact]
    public void Removing_one_client_of_a_line_leaves_the_others_with_every_byte()
    {
        var file = Parse("/srv/a -sync  hosta(rw)\thostb(ro)   hostc # who\n");

        Assert.Equal("/srv/a -sync  hosta(rw)   hostc # who\n", file.Without(entry => entry.Client == "hostb"));
    }

    [Fact]
    public void Removing_everybody_from_a_line_takes_the_default_options_at_its_end()
    {
        var file = Parse("/srv/a hosta(rw) -ro\n");

        Assert.Equal("/srv/a hosta(rw)\n", file.Without(entry => entry.Client.Length == 0));
    }

    [Fact]
    public void Removing_the_client_after_default_options_does_not_export_to_everybody()
    {
        var file = Parse("/srv/a hosta(rw) -ro hostb # who\n");

        Assert.Equal("/srv/a hosta(rw) # who\n", file.Without(entry => entry.Client == "hostb"));
    }

    [Fact]
    public void Removing_the_client_between_default_options_keeps_what_they_mean()
    {
        var file = Parse("/srv/a -ro hosta -sync hostb\n");

        Assert.Equal("/srv/a\thostb(ro,sync)\n", file.Without(entry => entry.Client == "hosta"));
    }

    [Fact]
    public void Entry_with_strange_characters_is_written_as_it_is_read()
    {
        var entry = Parse("\"/srv/a b\\043\\134\\042\\012\" host(rw)\n").Entries.Single();

        Assert.Equal("/srv/a\\040b\\043\\134\\042\\012\thost(rw)", entry.ToString());
        Assert.Equal(entry, Parse(entry + "\n").Entries.Single());
    }

    private static (string Path, string Client, string Options) Said(ExportEntry entry) => (entry.Path, entry.Client, string.Join(',', entry.Options));

    private static ExportsFile Parse(string text) => ExportsFile.Parse(new("/etc/exports", text));

    private static string Described(ExportLine line) =>
        string.Concat(line.Clients.Select(client => $"{client.Entry.Line}: [{client.Entry.Path}] {(client.Entry.Directory == client.Entry.Path ? "" : $"= {client.Entry.Directory} ")}to [{client.Entry.Client}] {string.Join(' ', client.Entry.Options)}".TrimEnd() + "\n"))
        + (line.Problem is null ? "" : $"{line.Number}: {line.Problem}\n");

    private static string Read(string name) => File.ReadAllText(Path.Combine(Folder(), name + ".exports"), Encoding.Latin1);

    private static string Folder()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "EtcSync.sln"))) directory = directory.Parent;
        Assert.NotNull(directory);
        return Path.Combine(directory.FullName, "tests", "EtcSync.Core.Tests", "Exports", "Files");
    }
}
