using System.CommandLine;
using System.CommandLine.Help;
using EtcSync.Cli.Commands;

namespace EtcSync.Cli;

/// <summary>The command tree. Every command is added here and nowhere else.</summary>
internal static class CommandTree
{
    /// <summary>Builds the tree.</summary>
    public static RootCommand Create(CommandHost host)
    {
        var root = new RootCommand("Keeps the /etc clones of a diskless cluster in step with upstream, and says what it did.")
        {
            host.Options.Root,
            host.Options.NoColor,
            host.Options.Verbose,
        };
        // The parser's own has the spellings of Windows too.
        root.Options.Remove(root.Options.OfType<HelpOption>().Single());
        var help = new HelpOption("--help", "-h");
        if (help.Action is HelpAction action) action.MaxWidth = host.Terminal.Width;
        root.Add(help);
        // In the order in which help lists them: set up, work, look, decide, the rest.
        root.Add(InitCommand.Create(host));
        root.Add(AdoptCommand.Create(host));
        root.Add(ReleaseCommand.Create(host));
        root.Add(ClientCommand.Create(host));
        root.Add(DiscoverCommand.Create(host));
        root.Add(InventoryCommand.Create(host));
        root.Add(ServerCommand.Create(host));
        root.Add(BootCommand.Create(host));
        root.Add(PlanCommand.Create(host));
        root.Add(SyncCommand.Create(host));
        root.Add(RunCommand.Create(host));
        root.Add(StatusCommand.Create(host));
        root.Add(DoctorCommand.Create(host));
        root.Add(ConflictsCommand.Create(host));
        root.Add(ResolveCommand.Create(host));
        root.Add(ResolutionsCommand.Create(host));
        root.Add(DiffCommand.Create(host));
        root.Add(ExplainCommand.Create(host));
        root.Add(LogCommand.Create(host));
        root.Add(GitCommand.Create(host));
        root.Add(HoldCommand.CreateHold(host));
        root.Add(HoldCommand.CreateResume(host));
        root.Add(OverrideCommand.Create(host));
        root.Add(PromoteCommand.Create(host));
        root.Add(LayerCommand.Create(host));
        root.Add(HookCommand.Create(host));
        root.Add(DemoCommand.Create(host));
        root.Add(MergeTreeCommand.Create(host));
        root.Add(CompletionCommand.Create(host));
        return root;
    }
}
