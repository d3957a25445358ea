using System.CommandLine;
using EtcSync.Cli;

namespace EtcSync.Tests.Cli;

public sealed class DocumentationTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Top(), "docs/cli.md"));

    [Fact]
    public void Every_command_and_option_is_documented()
    {
        var missing = new List<string>();
        var root = CommandTree.Create(new CommandHost(Terminal.OfProcess(), TimeProvider.System));
        var general = Section("## Options of every command");
        foreach (var option in root.Options.SelectMany(Names).Where(name => !general.Contains($"`{name}", StringComparison.Ordinal))) missing.Add(option);
        Collect(root, "etcsync", missing);

        Assert.True(missing.Count == 0, $"docs/cli.md has nothing about: {string.Join(", ", missing)}");
    }

    [Fact]
    public void Every_command_and_option_explains_itself()
    {
        var silent = new List<string>();
        void Visit(Command command, string name)
        {
            if (string.IsNullOrEmpty(command.Description)) silent.Add(name);
            silent.AddRange(command.Options.Where(option => string.IsNullOrEmpty(option.Description)).Select(option => $"{name} {option.Name}"));
            silent.AddRange(command.Arguments.Where(argument => string.IsNullOrEmpty(argument.Description)).Select(argument => $"{name} {argument.Name}"));
            foreach (var sub in command.Subcommands) Visit(sub, $"{name} {sub.Name}");
        }

        Visit(CommandTree.Create(new CommandHost(Terminal.OfProcess(), TimeProvider.System)), "etcsync");

        Assert.Empty(silent);
    }

    private static void Collect(Command command, string name, List<string> missing)
    {
        foreach (var sub in command.Subcommands)
        {
            var full = $"{name} {sub.Name}";
            var section = Section($"## {full}");
            if (section.Length == 0) missing.Add(full);
            foreach (var option in sub.Options.SelectMany(Names).Where(option => !section.Contains(option, StringComparison.Ordinal))) missing.Add($"{full} {option}");
            foreach (var argument in sub.Arguments.Where(argument => !section.Contains(argument.Name, StringComparison.Ordinal))) missing.Add($"{full} {argument.Name}");
            Collect(sub, full, missing);
        }
    }

    private static IEnumerable<string> Names(Option option) => option.Aliases.Prepend(option.Name);

    // From the heading, of whatever level, to the next one.
    private static string Section(string heading)
    {
        var start = Text.IndexOf($"\n{heading}\n", StringComparison.Ordinal);
        if (start < 0) start = Text.IndexOf($"\n#{heading}\n", StringComparison.Ordinal);
        if (start < 0) return "";
        var body = Text.IndexOf('\n', start + 1);
        var end = Text.IndexOf("\n#", body, StringComparison.Ordinal);
        return end < 0 ? Text[body..] : Text[body..end];
    }

    private static string Top()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "EtcSync.sln"))) directory = directory.Parent ?? throw new InvalidOperationException("EtcSync.sln is nowhere above the tests.");
        return directory.FullName;
    }
}
