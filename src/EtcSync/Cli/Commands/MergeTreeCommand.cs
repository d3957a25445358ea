using System.CommandLine;
using EtcSync.Cli.Json;
using EtcSync.Plumbing;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync merge-tree': the merge under everything else, for scripts and tests.</summary>
internal static class MergeTreeCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CommandHost host)
    {
        var gitDirectory = new Option<string>("--git-dir") { Description = "The git directory whose objects are read and written.", HelpName = "DIR", Required = true };
        var policies = new Option<string?>("--policy") { Description = "Policies from the *.yaml files of this directory alone, in place of the shipped ones.", HelpName = "DIR" };
        var ancestor = new Argument<string>("BASE") { Description = "What both sides started from: a commit or a tree." };
        var client = new Argument<string>("CLIENT") { Description = "The client's side; it stands where there is a conflict." };
        var upstream = new Argument<string>("UPSTREAM") { Description = "Upstream's side." };
        var command = new Command("merge-tree", "Merge three commits or trees by the policies, writing objects only; print the tree and the paths in conflict.")
        {
            gitDirectory, policies, ancestor, client, upstream, host.Options.Json,
        };
        host.Handle(command, (session, parse, _) => Run(session, TreeMerge.Run(
            parse.GetRequiredValue(gitDirectory), parse.GetRequiredValue(ancestor), parse.GetRequiredValue(client), parse.GetRequiredValue(upstream), parse.GetValue(policies))));
        return command;
    }

    private static int Run(Session session, TreeMergeOutcome outcome)
    {
        if (outcome is TreeMergeOutcome.Refused refused) throw new UserErrorException(string.Join('\n', refused.Problems));
        var plan = ((TreeMergeOutcome.Merged)outcome).Plan;
        if (session.IsJson)
        {
            session.Out.Json(new(
                CliJson.Version, plan.Tree.ToString(), plan.Conflicts.IsEmpty, [.. plan.Conflicts.Select(ToJson.Of)], [.. plan.Decisions.Select(ToJson.Of)], plan.ClientHeld), CliJson.Shapes.MergeTreeJson);
        }
        else
        {
            // For programs: nothing but what is promised, and every path on one line.
            session.Out.Raw($"{plan.Tree}\n{string.Concat(plan.Conflicts.Select(conflict => QuotedPath.Of(conflict.Path.Value) + "\n"))}");
            if (plan.ClientHeld is { } held) session.Error.Line("held: ", Tint.Bad, held);
        }

        return plan.Conflicts.IsEmpty ? ExitCode.InOrder : ExitCode.PersonNeeded;
    }
}
