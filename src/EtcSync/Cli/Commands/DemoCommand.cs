using System.CommandLine;
using EtcSync.Demo;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync demo': a whole cluster, played in a sandbox.</summary>
internal static class DemoCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CommandHost host)
    {
        var directory = new Argument<string?>("DIR") { Description = "The sandbox, a directory that is new or empty; a fresh temporary one where none is named.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("demo", "Play a cluster of six clients in a sandbox, and leave it to play on.") { directory };
        host.Handle(command, (session, parse, _) => Run(session, parse.GetValue(directory)));
        return command;
    }

    private static int Run(Session session, string? directory)
    {
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory ?? (session.Locations.IsSandbox ? session.Locations.Root : Directory.CreateTempSubdirectory("etcsync-demo-").FullName)));
        if (File.Exists(root) || (Directory.Exists(root) && Directory.EnumerateFileSystemEntries(root).Any()))
        {
            throw new UserErrorException($"{root} is there already, and not empty. Name a directory that is new or empty, or none to have one made.");
        }

        // Copies of configuration are in it: nobody else's business.
        State.StateDirectory.MakePrivate(root);
        new Demonstration(session, root).Play();
        return ExitCode.InOrder;
    }
}
