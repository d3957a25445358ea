using System.Net;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Server;

namespace EtcSync.Core.Exports;

/// <summary>What other people's exports open of our directories, and where they contradict ours.</summary>
internal sealed class ForeignExportCheck(ServerObservation observation, MeantExports meant)
{
    private readonly Dictionary<string, ServedClient> _clones = observation.Clients.ToDictionary(served => served.Directory, StringComparer.Ordinal);
    private readonly Dictionary<(string Directory, string Client), MeantExport> _ours = meant.All.DistinctBy(export => (export.Directory, export.Client)).ToDictionary(export => (export.Directory, export.Client));

    private Settings Settings => observation.Settings;

    /// <summary>All of it, with file and line.</summary>
    public IEnumerable<ServerFinding> Findings()
    {
        foreach (var file in observation.Foreign.Exports)
        {
            var parsed = ExportsFile.Parse(file);
            foreach (var line in parsed.Lines.Where(line => line.Problem is not null))
                yield return new(ServerPart.Exports, FindingLevel.Warning, $"{line.Problem} exportfs stops reading the file here. Correct the line.", file.Path, line.Number);
            foreach (var entry in parsed.Entries)
            {
                if (Message(entry) is { } message) yield return new(ServerPart.Exports, IsOfNobody(entry) ? FindingLevel.Note : FindingLevel.Warning, message, entry.File, entry.Line);
            }
        }
    }

    // A machine that was released, or was never ours, has its own /etc to itself. That of one which was removed is open by mistake.
    private bool IsOfNobody(ExportEntry entry) =>
        ExportClient.Parse(entry.Client).Single is not null && Exposed(entry.Directory).Length == 0 && Clone(entry.Directory) is null
        && Settings.Clones.NameAt(entry.Directory) is { } stranger && !observation.Places.Removed.Contains(stranger);

    private string? Message(ExportEntry entry)
    {
        var client = ExportClient.Parse(entry.Client);
        if (Duplicate(entry, client) is { } duplicate) return duplicate;
        var directory = entry.Directory;
        var who = Sentence(client.Describe());
        if (Exposed(directory) is { Length: > 0 } exposed)
            return $"{who} can {Access(entry)} {Quoted.Text(directory)}, and with it {exposed}. Remove this line, or export only what those machines need.";
        if (Clone(directory) is { } clone)
            return client.Single is { } own && meant.Addresses(clone).Contains(own) ? null : $"{who} can {Access(entry)} the /etc of {clone.Client.Name}{Secrets(entry)}. Remove this line: EtcSync exports it to {Addresses(clone)}.";
        if (Settings.Clones.NameAt(directory) is { } stranger)
            return $"{who} can {Access(entry)} {Quoted.Text(directory)}, the /etc of '{stranger}', which is no client of the inventory with a clone. Where that machine is in use, 'etcsync adopt' takes it over, or this line names its address alone; else remove the line.";
        if (SystemPath.IsWithin(directory, Settings.State))
            return $"{who} can {Access(entry)} EtcSync's own state in {Settings.State}, with the history of every client. Remove this line.";
        return SystemPath.IsWithin(directory, Settings.Root) ? OfRoot(entry, client, who) : null;
    }

    // What is exported twice to the same machine counts as exportfs reads it first: /etc/exports, then /etc/exports.d by name.
    private string? Duplicate(ExportEntry entry, ExportClient client)
    {
        var ours = client is ExportClient.Network network && network.Single is null ? Settings.Server.Networks.Where(network.Is).Select(same => same.ToString()).FirstOrDefault() : client.Single?.ToString();
        if (client is ExportClient.Host host && Clone(entry.Directory) is { } clone && clone.Directory == entry.Directory && IsNameOf(host.Name, clone.Client.Name)) ours = clone.Client.Addresses.FirstOrDefault()?.ToString();
        if (ours is null || !_ours.TryGetValue((entry.Directory, ours), out var export)) return null;
        var other = EffectiveOptions.Of(entry.Options).OtherThan(EffectiveOptions.Of(export.Options)).ToList();
        return $"EtcSync exports {Quoted.Text(entry.Directory)} to {ours} too. exportfs takes the one that it reads first and complains of the other{(other.Count == 0 ? "" : $"; this one has other options ({string.Join(',', other)})")}. Remove this line, or have 'etcsync adopt' do it.";
    }

    private bool IsNameOf(string host, ClientName name) =>
        string.Equals(host, name.Value, StringComparison.OrdinalIgnoreCase) || (Settings.Names.Domain is { } domain && string.Equals(host, $"{name}.{domain}", StringComparison.OrdinalIgnoreCase));

    private string? OfRoot(ExportEntry entry, ExportClient client, string who)
    {
        var options = EffectiveOptions.Of(entry.Options);
        if (options.IsWritable)
        {
            var isBuilder = SystemPath.IsWithin(entry.Directory, meant.BootDirectory) && meant.BootBuilder is { } builder && client.Single is { } address && meant.Addresses(builder).Contains(address);
            return isBuilder ? null : $"{who} can write {Quoted.Text(entry.Directory)}, and so what every client runs. Remove this line, or make it read-only.";
        }

        if (!client.IsWithin(Settings.Server.Networks))
            return $"{who} can read {Quoted.Text(entry.Directory)} of the shared root{(options.SquashesRoot ? "" : ", what only root may read with it")}, and is not known to be in the clients' network. Remove this line, or export it to machines of the network.";
        return options.SquashesRoot && entry.Directory == Settings.Root ? $"{who} gets the shared root by this line, and its root is nobody there ('no_root_squash' is missing), so it cannot boot. Remove this line: EtcSync exports the shared root." : null;
    }

    // What of ours lies below an exported directory.
    private string Exposed(string directory)
    {
        var exposed = new List<string>();
        if (SystemPath.IsWithin(Settings.Clones.Parent, directory) || directory == "/") exposed.Add("the /etc of every client");
        if (IsBelow(Settings.Root, directory)) exposed.Add("the shared root");
        if (SystemPath.IsWithin(Settings.State, directory) || directory == "/") exposed.Add("EtcSync's own state");
        return string.Join(", ", exposed);
    }

    private static bool IsBelow(string path, string directory) => directory == "/" || (path != directory && SystemPath.IsWithin(path, directory));

    private ServedClient? Clone(string directory) =>
        GuardedDirectories.Above(directory).Prepend(directory).Select(at => _clones.GetValueOrDefault(at)).FirstOrDefault(clone => clone is not null);

    private string Addresses(ServedClient clone)
    {
        List<IPAddress> addresses = [.. meant.Addresses(clone)];
        return addresses.Count == 0 ? "nobody, because it has no address" : $"{string.Join(" and ", addresses)} alone";
    }

    private static string Access(ExportEntry entry) => EffectiveOptions.Of(entry.Options).IsWritable ? "read and write" : "read";

    private static string Secrets(ExportEntry entry) => EffectiveOptions.Of(entry.Options).SquashesRoot ? "" : ", its host keys and password hashes too";

    private static string Sentence(string words) => char.ToUpperInvariant(words[0]) + words[1..];
}
