using System.Collections.Immutable;
using System.CommandLine;
using System.Net;
using System.Text;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Inventories;
using EtcSync.Core.Text;
using EtcSync.Inventories;
using EtcSync.State;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync client import': all clients of a list, or none.</summary>
internal static class ClientImportCommand
{
    private const int LongestFile = 16 << 20;
    private const int MostShown = 40;

    private static readonly Dictionary<string, ImportFormat> Formats = new(StringComparer.Ordinal) { ["csv"] = ImportFormat.Csv, ["dnsmasq"] = ImportFormat.Dnsmasq, ["ethers"] = ImportFormat.Ethers };

    /// <summary>Builds the command.</summary>
    public static Command Create(CommandHost host)
    {
        var file = new Argument<string>("FILE") { Description = "The list: a table (CSV), reservations of dnsmasq's, or ethers(5). '-' reads standard input." };
        var format = new Option<string?>("--format") { Description = "How it is written: csv, dnsmasq or ethers; without it, what the first lines look like.", HelpName = "FORMAT" };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        var command = new Command("import", "Add all clients of a list, or, if anything is wrong with one of them, none.") { file, format, yes };
        host.Handle(command, (session, parse, cancellation) => Run(session, parse.GetRequiredValue(file), parse.GetValue(format), parse.GetValue(yes), cancellation));
        return command;
    }

    private static int Run(Session session, string path, string? format, bool yes, CancellationToken cancellation)
    {
        var workspace = session.Workspace;
        if (format is not null && !Formats.ContainsKey(format)) throw new UserErrorException($"{Quoted.Text(format)} is no format. Say csv, dnsmasq or ethers.");
        if (path == "-" && !yes) throw new UserErrorException("Standard input holds the list and cannot answer questions. Say --yes.");
        var (name, text) = (path == "-" ? "standard input" : path, Text(session, path));
        var read = format is null ? ClientImport.Read(name, text) : ClientImport.Read(name, text, Formats[format]);
        if (read.IsValid) read = ClientImport.Missing(name, read.Value, workspace.Configuration.Inventory);
        if (read.Value is not { } list) throw Refused(read.Problems);
        if (list.Clients.IsEmpty)
        {
            session.Out.Line("All of them are in the inventory already.");
            return ExitCode.InOrder;
        }

        var formers = new FormerStore(workspace.State);
        var use = AddressesInUse.Look(workspace, [.. list.Clients.SelectMany(one => one.Client.Macs)], list.Clients[0].Client.Name);
        foreach (var one in list.Clients) ClientAddCommand.Refuse(use, one.Client, formers);
        var clients = WithAddresses(session, use, list);
        session.Out.Table(["CLIENT", "MAC", "IP", "GROUPS"], [.. clients.Select(client => new Cell[] { client.Name.Value, string.Join(", ", client.Macs), client.Addresses.IsEmpty ? "dynamic" : string.Join(", ", client.Addresses), client.Groups.IsEmpty ? "-" : string.Join(", ", client.Groups) })]);
        foreach (var address in list.Clients.SelectMany(one => one.Client.Addresses)) if (use.HolderOf(address) is { } holder) session.Error.Line("note: ", Tint.Notice, $"{address} {holder}.");
        if (!yes && !Confirmation.Ask(session, $"Add {(clients.Length == 1 ? "this client" : $"these {clients.Length} clients")}?"))
        {
            session.Error.Line("Nothing was done.");
            return ExitCode.Failed;
        }

        var file = new InventoryFile(workspace);
        var edited = file.Edit(session.Author(), $"client import {Printable.Of(Path.GetFileName(name))}", (inventory, current) => InventoryEditor.Add(inventory, current, clients), cancellation);
        if (edited.Value is not { } configuration) throw Refused(edited.Problems);
        if (file.HistoryProblem is { } problem) session.Error.Line("warning: ", Tint.Notice, problem);
        session.Out.Line($"{Words.Count(clients.Length, "client")} {(clients.Length == 1 ? "was" : "were")} added.", Tint.Good);
        var names = clients.Select(client => client.Name).ToHashSet();
        return new Arrival(session.With(configuration)).Run([.. configuration.Inventory.Clients.Where(client => names.Contains(client.Name))], cancellation);
    }

    private static UserErrorException Refused(ImmutableArray<Problem> problems)
    {
        var more = problems.Length > MostShown ? $"\nand {problems.Length - MostShown} more" : "";
        return new($"No client was added. {(problems.Length == 1 ? "There is a problem:" : $"There are {problems.Length} problems:")}\n{string.Join('\n', problems.Take(MostShown))}{more}");
    }

    private static ImmutableArray<Client> WithAddresses(Session session, AddressesInUse use, ImportedClients list)
    {
        var without = list.Clients.Count(one => one.Client.Addresses.IsEmpty);
        if (without == 0) return [.. list.Clients.Select(one => one.Client)];
        var free = new Queue<IPAddress>(use.Pick(session.Workspace.Settings, session.Workspace.Configuration.Inventory, list.Clients.SelectMany(one => one.Client.Addresses), without));
        return [.. list.Clients.Select(one => one.Client.Addresses.IsEmpty && free.TryDequeue(out var address) ? one.Client with { Addresses = [address] } : one.Client)];
    }

    private static string Text(Session session, string path)
    {
        if (path == "-") return ByteText.Of(session.Terminal.In.ReadToEnd());
        if (!File.Exists(path)) throw new UserErrorException($"There is no file {Quoted.Text(path)}.");
        if (new FileInfo(path).Length > LongestFile) throw new UserErrorException($"{Quoted.Text(path)} is larger than {LongestFile >> 20} MiB, and no list of clients.");
        return Encoding.Latin1.GetString(File.ReadAllBytes(path));
    }
}
