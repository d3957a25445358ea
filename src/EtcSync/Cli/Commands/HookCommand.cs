using System.CommandLine;
using EtcSync.Hooks;
using EtcSync.State;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync hook': upstream's pre-commit hook tells what a commit would do before it is made.</summary>
internal static class HookCommand
{
    private static readonly string[] Warning = ["The commit is made all the same."];

    private static readonly string[] Refusal =
    [
        "The commit is refused ('etcsync hook install --enforce' is in force). The files stay as they are, and nothing is rolled out.",
        "'git commit --no-verify' commits it all the same. A package manager that was stopped by this can go on when the change is committed or taken back.",
    ];

    /// <summary>Builds the command.</summary>
    public static Command Create(CommandHost host)
    {
        var enforce = new Option<bool>("--enforce") { Description = "Refuse commits that bring conflicts, and do not only warn." };
        var install = new Command("install", "Put a look at the clients at the end of upstream's pre-commit hook.") { enforce };
        host.Handle(install, (session, parse, _) => Install(session, parse.GetValue(enforce)));
        var remove = new Command("remove", "Take it out of upstream's pre-commit hook again.");
        host.Handle(remove, (session, _, _) => Remove(session));
        var show = new Command("show", "Show what upstream's pre-commit hook does.");
        host.Handle(show, (session, _, _) => Show(session));
        var refuse = new Option<bool>("--enforce") { Description = "Say that the commit is refused where it brings conflicts." };
        var run = new Command("run", "Look at the commit that git is making; for hooks.") { refuse };
        host.Handle(run, (session, parse, cancellation) => CommitCheck.Run(
            session,
            Environment.CurrentDirectory,
            Environment.GetEnvironmentVariable("GIT_DIR"),
            Environment.GetEnvironmentVariable("GIT_INDEX_FILE"),
            [.. (parse.GetValue(refuse) ? Refusal : Warning).Select(sentence => session.Locations.Pasteable(sentence))],
            cancellation));
        return new Command("hook", "Have upstream's pre-commit hook tell what a commit would do to the clients.") { install, remove, show, run };
    }

    private static int Install(Session session, bool enforce)
    {
        var hook = PreCommitHook.Find(session.Workspace);
        if (hook.IsIgnored) throw new UserErrorException($"{hook.File} is not executable, and git does not run it. Make it executable (chmod +x), or remove it.");
        if (hook.Script.Refusal is { } refusal) throw new UserErrorException($"{hook.File} cannot take it. {refusal} Or have it run '{session.Locations.Command("hook run")}' as its last command yourself.");
        var command = session.Locations.Command("hook run");
        var script = enforce ? hook.Script.Enforcing(SuggestedCommand.Program, command) : hook.Script.Warning(SuggestedCommand.Program, command);
        if (script.ToBytes().AsSpan().SequenceEqual(hook.Script.ToBytes()))
        {
            session.Out.Line($"{hook.File} does it already: {Describe(hook)}.");
            return ExitCode.InOrder;
        }

        hook.Write(script);
        session.Out.Line($"{hook.File} looks at every commit now: one that brings conflicts is {(enforce ? "refused" : "told, and made all the same")}.");
        session.Out.Line($"'{session.Next("hook remove")}' takes that away again.", Tint.Faint);
        return ExitCode.InOrder;
    }

    private static int Remove(Session session)
    {
        var hook = PreCommitHook.Find(session.Workspace);
        if (!hook.Script.HasBlock)
        {
            session.Out.Line($"{hook.File} has nothing of EtcSync's in it.");
            return ExitCode.InOrder;
        }

        hook.Write(hook.Script.Without());
        session.Out.Line(hook.Script.IsOurs ? $"{hook.File} is gone: nothing else was in it." : $"{hook.File} is as it was before.");
        return ExitCode.InOrder;
    }

    private static int Show(Session session)
    {
        var hook = PreCommitHook.Find(session.Workspace);
        session.Out.Line($"{hook.File}: ", Tint.Strong, Describe(hook));
        return ExitCode.InOrder;
    }

    private static string Describe(PreCommitHook hook) => hook switch
    {
        { Script.HasBlock: false } => "nothing is told of a commit before it is made",
        { IsIgnored: true } => "it is not executable, so that git does not run it",
        { Script.Enforces: true } => "a commit that brings conflicts is refused",
        _ => "a commit that brings conflicts is told, and made all the same",
    };
}
