using System.Collections.Immutable;
using System.CommandLine;
using EtcSync.Configuration;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Git;
using EtcSync.Fleet;
using EtcSync.State;

namespace EtcSync.Cli;

/// <summary>One run of a command: where it writes, where it works, and what is configured there.</summary>
internal sealed class Session
{
    private Workspace? _workspace;

    private Session(Session other, Workspace workspace)
    {
        (Terminal, Time, Locations, IsJson, IsVerbose, Out, Error) = (other.Terminal, other.Time, other.Locations, other.IsJson, other.IsVerbose, other.Out, other.Error);
        _workspace = workspace;
    }

    public Session(Terminal terminal, GlobalOptions options, ParseResult parse, TimeProvider time)
    {
        (Terminal, Time) = (terminal, time);
        Locations = new(parse.GetValue(options.Root) ?? "");
        IsJson = parse.GetResult(options.Json) is not null && parse.GetValue(options.Json);
        IsVerbose = parse.GetValue(options.Verbose);
        var color = !terminal.NoColor && !parse.GetValue(options.NoColor);
        Out = new(terminal.Out, color && terminal.OutIsTerminal, terminal.Width);
        Error = new(terminal.Error, color && terminal.ErrorIsTerminal, terminal.Width);
    }

    /// <summary>The streams.</summary>
    public Terminal Terminal { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>Where everything is.</summary>
    public Locations Locations { get; }

    /// <summary>Whether results are to be JSON.</summary>
    public bool IsJson { get; }

    /// <summary>Whether errors are to be shown with their details.</summary>
    public bool IsVerbose { get; }

    /// <summary>Results.</summary>
    public Output Out { get; }

    /// <summary>Notices and problems.</summary>
    public Output Error { get; }

    /// <summary>A command to type next, for the same place: "etcsync --root DIR sync pc01".</summary>
    public string Next(string command) => Locations.Command(command);

    /// <summary>What to say where there is no client.</summary>
    public string NoClients => $"There are no clients yet. '{Next("client add NAME --mac ADDRESS")}' adds one.";

    /// <summary>The configuration and what works on it; loaded when it is asked for.</summary>
    /// <exception cref="UserErrorException">The configuration is not valid; every problem is in the message.</exception>
    public Workspace Workspace => _workspace ??= Load(ConfigurationLoader.Load(Locations));

    /// <summary>The same where the inventory itself may be what is wrong: without any client then.</summary>
    /// <exception cref="UserErrorException">Something else is not valid.</exception>
    public Workspace WorkspaceDespiteInventory => _workspace ??= LoadDespiteInventory();

    /// <summary>What there is to say where merged files could not be checked in this run; null otherwise.</summary>
    public string? Unchecked => _workspace?.Checks.Unavailable;

    /// <summary>The same with another configuration.</summary>
    public Session With(ConfigurationSet configuration) => new(this, Workspace.With(configuration));

    /// <summary>The clients of these names, or all where there is none, by name.</summary>
    /// <exception cref="UserErrorException">A name is not in the inventory; all such names are in the message.</exception>
    public ImmutableArray<Client> Select(IReadOnlyCollection<string> names)
    {
        var inventory = Workspace.Configuration.Inventory;
        if (names.Count == 0) return inventory.Clients;
        var found = names.Distinct(StringComparer.Ordinal).Select(name => (Name: name, Client: Find(inventory, name))).ToList();
        var unknown = found.Where(pair => pair.Client is null).Select(pair => Unknown(inventory, pair.Name)).ToList();
        if (unknown.Count > 0) throw new UserErrorException(string.Join('\n', unknown));
        return [.. found.Select(pair => pair.Client!).OrderBy(client => client.Name)];
    }

    /// <summary>The client of this name.</summary>
    /// <exception cref="UserErrorException">It is not in the inventory.</exception>
    public Client Select(string name) => Select([name])[0];

    /// <summary>Who runs it, as the author of a commit that is made now.</summary>
    public Signature Author() => new(Terminal.User, $"{Terminal.User}@{Environment.MachineName}", Time.GetLocalNow());

    /// <summary>Checks that the user may do what the command does: root on the machine itself, anybody in a sandbox of theirs.</summary>
    /// <exception cref="UserErrorException">They may not.</exception>
    public void RequireRights()
    {
        if (!Locations.IsSandbox && !Terminal.IsRoot)
        {
            throw new UserErrorException("This needs root: the clones' owners are set, and secrets are read. Run it with sudo, or in a sandbox of your own with '--root DIR'.");
        }
    }

    private static Client? Find(Inventory inventory, string name) =>
        ClientName.TryParse(name, out var parsed, out _) ? inventory.Find(parsed) : null;

    private static string Unknown(Inventory inventory, string name)
    {
        var near = Suggestion.For(name, [.. inventory.Clients.Select(client => client.Name.Value)]) is { } word
            ? $"Did you mean '{word}'?"
            : inventory.Clients.IsEmpty ? "It has none yet; 'etcsync client add' adds one." : "'etcsync client list' shows them all.";
        return $"There is no client {Quoted.Text(name)} in the inventory. {near}";
    }

    // What cannot be read looks as if it were not there, and clones without their git directories as if somebody else had made them.
    private void RequireState(string directory)
    {
        if (!Directory.Exists(directory)) return;
        try
        {
            _ = Directory.EnumerateFileSystemEntries(directory).Any();
        }
        catch (UnauthorizedAccessException)
        {
            throw new UserErrorException($"{directory} belongs to somebody else, and {Terminal.User} may not read it. Run this as the user who made it (root, with sudo, most likely).");
        }
    }

    private Workspace LoadDespiteInventory()
    {
        RequireRights();
        var loaded = ConfigurationLoader.Load(Locations);
        return Load(loaded.IsValid ? loaded : ConfigurationLoader.LoadWithoutInventory(Locations));
    }

    private Workspace Load(Loaded<ConfigurationSet> loaded)
    {
        RequireRights();
        if (!File.Exists(Locations.SettingsFile))
        {
            throw new UserErrorException($"There is no {Locations.SettingsFile}. 'etcsync init' writes it, with comments.");
        }

        if (loaded.Value is not { } configuration)
        {
            var count = loaded.Problems.Length;
            throw new UserErrorException($"The configuration is not valid; nothing was done.{(count > 1 ? $" There are {count} problems:" : "")}\n{string.Join('\n', loaded.Problems)}");
        }

        if (configuration.Settings.Upstream.Branch is null)
        {
            throw new UserErrorException($"{Locations.SettingsFile} does not say which branch is rolled out. Set upstream.branch, or have 'etcsync init' find it.");
        }

        RequireState(Locations.Map(configuration.Settings.State));
        foreach (var warning in configuration.Warnings) Error.Line("warning: ", Tint.Notice, Locations.Pasteable(warning.ToString()));
        return new(Locations, configuration, Time);
    }
}
