using System.Text;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Policies;
using EtcSync.Core.Tests.Policies;

namespace EtcSync.Core.Tests.Configuration;

public sealed class FuzzTests
{
    private static readonly string[] Pieces =
    [
        "\t", "\n", "\r", "\0", " ", "  ", "- ", ": ", ":", "? ", "[", "]", "{", "}", ",", "#", "&a ", "*a", "**/", "!", "!!map ", "!<", "|", ">", "|2-\n", "\"", "'", "\\", "\\x",
        "\"\\u12", "%YAML 1.2\n", "%TAG ! x\n", "---\n", "...\n", "~", "<<: ", "\uFEFF", "\u2028", "\u0085", "\uD800", "é", "0", "-", "\U0001F600", "version: 1\n", "clients:\n", "rules:\n",
    ];

    [Fact]
    public void Mutated_files_never_throw_and_are_either_valid_or_explained()
    {
        var random = new Random(20240917);
        var sources = ShippedPoliciesTests.Files().Select(f => f.Text)
            .Append(SettingsTemplate.Render(new(null, "main", null, "eth0", null)).Replace("#", "", StringComparison.Ordinal))
            .Append(InventoryEditorTests.Commented)
            .Append(InventoryEditorTests.MapOfFlow)
            .ToArray();
        for (var round = 0; round < 2000; round++)
        {
            var text = Mutated(sources[random.Next(sources.Length)], random);

            Check(Settings.Load("f", text), text);
            Check(Inventory.Load("f", text), text);
            Check(PolicySet.Load([new("f", text)]), text);
        }
    }

    [Fact]
    public void Edits_of_mutated_inventories_never_lose_a_client()
    {
        var random = new Random(20240917);
        string[] sources = [InventoryEditorTests.Commented, InventoryEditorTests.MapOfFlow, InventoryTemplate.Render()];
        var client = InventoryEditorTests.Client("zz99", "52:54:00:99:99:99");
        for (var round = 0; round < 2000; round++)
        {
            var text = Mutated(sources[random.Next(sources.Length)], random);
            if (Inventory.Load("f", text).Value is not { } before) continue;

            var added = InventoryEditor.Add("f", text, client);
            if (added.Value is not { } longer) continue;
            Assert.Equal(before.Clients.Length + 1, Inventory.Load("f", longer).Value!.Clients.Length);

            var changed = client with { Macs = [.. client.Macs, MacAddress.Parse("52:54:00:99:99:98")], Groups = [GroupName.Parse("g")] };
            if (InventoryEditor.Set("f", longer, changed).Value is { } set) Assert.Equal(before.Clients.Length + 1, Inventory.Load("f", set).Value!.Clients.Length);
            foreach (var old in before.Clients)
            {
                var given = old with { Macs = [MacAddress.Parse("52:54:00:99:99:97")], Addresses = [], Groups = [] };
                if (InventoryEditor.Set("f", text, given).Value is { } other) Assert.Equal(given.Macs.AsEnumerable(), Inventory.Load("f", other).Value!.Find(old.Name)!.Macs);
                if (InventoryEditor.Rename("f", text, old.Name, client.Name).Value is { } renamed) Assert.NotNull(Inventory.Load("f", renamed).Value!.Find(client.Name));
            }

            var removed = InventoryEditor.Remove("f", longer, client.Name);
            if (removed.Value is not { } shorter) continue;
            Assert.Equal(before.Clients.Select(c => c.Name), Inventory.Load("f", shorter).Value!.Clients.Select(c => c.Name));
        }
    }

    private static void Check<T>(Loaded<T> loaded, string text)
        where T : class
    {
        Assert.Equal(loaded.IsValid, loaded.Problems.IsEmpty);
        var lines = text.Count(c => c == '\n') + 2;
        Assert.All(loaded.Problems, p => Assert.InRange(p.Line, 0, lines));
        Assert.All(loaded.Problems, p => Assert.True(p.ToString().All(c => !char.IsControl(c)) && p.Message[^1] is '.' or '?', p.ToString()));
    }

    private static string Mutated(string text, Random random)
    {
        var result = new StringBuilder(text);
        for (var edits = random.Next(1, 6); edits > 0; edits--)
        {
            var at = random.Next(result.Length + 1);
            switch (random.Next(6))
            {
                case 0:
                    result.Remove(at, Math.Min(random.Next(12), result.Length - at));
                    break;
                case 1:
                    var from = random.Next(result.Length);
                    result.Insert(at, result.ToString(from, Math.Min(random.Next(60), result.Length - from)));
                    break;
                case 2:
                    result.Length = Math.Max(1, at);
                    result.Append(text.AsSpan(Math.Min(text.Length, at + random.Next(40))));
                    break;
                default:
                    result.Insert(at, Pieces[random.Next(Pieces.Length)]);
                    break;
            }

            if (result.Length == 0) result.Append('a');
        }

        return result.ToString();
    }
}
