using EtcSync.Core.Configuration;
using EtcSync.Core.Policies;

namespace EtcSync.Core.Tests.Configuration;

/// <summary>
/// Each file in Wrong is read, and the problems must be those in the .txt beside it. With UPDATE_GOLDEN=1 in the environment they are
/// written instead: read the difference before committing it.
/// </summary>
public sealed class WrongInputTests
{
    public static TheoryData<string> Cases() => [.. Directory.GetFiles(Folder(), "*.yaml").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Wrong_input_is_reported_with_its_lines_and_what_would_be_right(string name)
    {
        var text = File.ReadAllText(Path.Combine(Folder(), name + ".yaml"));
        var golden = Path.Combine(Folder(), name + ".txt");

        var problems = Problems(name, text);

        var actual = string.Concat(problems.Select(p => p + "\n"));
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1") File.WriteAllText(golden, actual);
        Assert.NotEmpty(problems);
        Assert.All(problems, p => Assert.Matches(@"[.?]$", p.Message));
        Assert.All(problems, p => Assert.DoesNotContain('\n', p.ToString()));
        Assert.Equal(File.ReadAllText(golden), actual);
    }

    private static System.Collections.Immutable.ImmutableArray<Problem> Problems(string name, string text) => name.Split('-')[0] switch
    {
        "inventory" => Inventory.Load(name + ".yaml", text).Problems,
        "policies" => PolicySet.Load([new(name + ".yaml", text)]).Problems,
        _ => Settings.Load(name + ".yaml", text).Problems,
    };

    private static string Folder()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "EtcSync.sln"))) directory = directory.Parent;
        Assert.NotNull(directory);
        return Path.Combine(directory.FullName, "tests", "EtcSync.Core.Tests", "Configuration", "Wrong");
    }
}
