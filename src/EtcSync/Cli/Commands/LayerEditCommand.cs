using System.CommandLine;
using System.Diagnostics;
using System.Runtime.InteropServices;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Git;
using EtcSync.FileSystem;
using EtcSync.Layers;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync layer edit': a shell, or a command, in a work tree of the layer; what it changes becomes a commit.</summary>
internal static class LayerEditCommand
{
    private const int MostNamed = 4;

    /// <summary>Builds the command.</summary>
    public static Command Create(CommandHost host)
    {
        var group = LayerCommand.Group();
        var program = new Argument<string[]>("COMMAND") { Description = "What to run in the work tree, after '--'; your shell if nothing is named.", Arity = ArgumentArity.ZeroOrMore };
        var message = new Option<string?>("--message", "-m") { Description = "What the commit says.", HelpName = "TEXT" };
        var resume = new Option<bool>("--continue") { Description = "Go on with an edit that was interrupted." };
        var discard = new Option<bool>("--discard") { Description = "Drop an edit that was interrupted, and everything that was changed in it." };
        var accept = new Option<bool>("--accept") { Description = "Commit also if nothing was changed: what the layer has settles its conflicts with upstream." };
        var command = new Command("edit", "Change a layer: open a shell where its files are, and take what was changed there as a commit.") { group, program, message, resume, discard, accept };
        command.Validators.Add(result =>
        {
            if (result.GetValue(resume) && result.GetValue(discard)) result.AddError("--continue and --discard exclude each other.");
        });
        host.Handle(command, (session, parse, cancellation) =>
        {
            var edit = new Request(parse.GetValue(program) ?? [], parse.GetValue(message), parse.GetValue(accept));
            return Run(session, LayerCommand.Parse(parse.GetRequiredValue(group)), edit, parse.GetValue(resume), parse.GetValue(discard), cancellation);
        });
        return command;
    }

    private static int Run(Session session, GroupName group, Request request, bool resume, bool discard, CancellationToken cancellation)
    {
        session.Workspace.State.Prepare();
        var editor = new LayerEditor(session.Workspace, group);
        using var held = editor.Lock() switch
        {
            LockOutcome.Acquired acquired => acquired.Lock,
            LockOutcome.Held other => throw new UserErrorException($"group/{group} is being edited: the layer is {other.Holder}. Two edits at once would lose one of them."),
            _ => throw new InvalidOperationException("A lock has an unknown outcome."),
        };
        if (discard) return Discard(session, group, editor);
        var interrupted = editor.Find();
        if (interrupted is not null && !resume)
        {
            session.Error.Line($"An edit of group/{group} that {interrupted.By} began on {interrupted.Since:yyyy-MM-dd HH:mm} was not finished; its files are in {editor.Tree}.", Tint.Bad);
            session.Error.Line($"'{session.Next($"layer edit {group} --continue")}' goes on with it, and '{session.Next($"layer edit {group} --discard")}' drops it.");
            return ExitCode.PersonNeeded;
        }

        if (interrupted is null && resume) throw new UserErrorException($"There is no edit of group/{group} to go on with. Leave --continue out to begin one.");
        Warn(session, group);
        var edit = interrupted ?? editor.Begin(LayerCommand.Upstream(session, cancellation), session.Terminal.User);
        foreach (var path in edit.Disputes) session.Error.Line("conflict ", Tint.Bad, $"{path}: the layer and upstream disagree. The layer's version is in the work tree; what you leave there settles it.");
        if (!Work(session, group, editor, interrupted, request, cancellation)) return ExitCode.Failed;
        return Finish(session, group, editor, edit, request, cancellation);
    }

    private static int Discard(Session session, GroupName group, LayerEditor editor)
    {
        if (!Directory.Exists(editor.Tree)) throw new UserErrorException($"There is no edit of group/{group} to drop.");
        editor.Discard();
        session.Out.Line($"The edit of group/{group} was dropped; the layer is as it was.");
        return ExitCode.InOrder;
    }

    private static void Warn(Session session, GroupName group)
    {
        var inventory = session.Workspace.Configuration.Inventory;
        var groups = inventory.Clients.SelectMany(client => client.Groups).Select(name => name.Value).Distinct(StringComparer.Ordinal).ToList();
        if (groups.Contains(group.Value, StringComparer.Ordinal)) return;
        var near = Suggestion.For(group.Value, groups) is { } name ? $" Did you mean '{name}'?" : "";
        session.Error.Line("warning: ", Tint.Notice, $"No client is in the group '{group}', so nobody gets this layer yet.{near} 'groups: [{group}]' in the inventory puts a client into it.");
    }

    // False where the command failed: then nothing is committed, and nothing is lost.
    private static bool Work(Session session, GroupName group, LayerEditor editor, LayerEdit? interrupted, Request request, CancellationToken cancellation)
    {
        var shell = request.Command.Length == 0;
        var start = new ProcessStartInfo(shell ? Shell() : request.Command[0]) { UseShellExecute = false, WorkingDirectory = editor.Tree };
        foreach (var argument in request.Command.Skip(1)) start.ArgumentList.Add(argument);
        start.Environment["ETCSYNC_LAYER"] = group.Value;
        if (shell) session.Error.Line($"This shell is in {editor.Tree}: upstream with group/{group}. What you change here becomes a commit on group/{group} when you leave it ('exit').", Tint.Strong);
        try
        {
            using var process = Process.Start(start) ?? throw new UserErrorException($"'{start.FileName}' did not start.");
            process.WaitForExit();
            // A shell returns what its last command did.
            if ((shell || process.ExitCode == 0) && !cancellation.IsCancellationRequested) return true;
            session.Error.Line($"'{start.FileName}' returned {process.ExitCode}, so nothing was committed. Its files are in {editor.Tree}: {GoOn(session, group)}", Tint.Bad);
            return false;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            if (interrupted is null) editor.Discard();
            session.Error.Line($"'{start.FileName}' cannot be started: {Marshal.GetPInvokeErrorMessage(e.NativeErrorCode)}. Nothing was committed; {(interrupted is null ? $"group/{group} is as it was." : GoOn(session, group))}", Tint.Bad);
            return false;
        }
    }

    private static string GoOn(Session session, GroupName group) =>
        $"'{session.Next($"layer edit {group} --continue")}' goes on with them, and '{session.Next($"layer edit {group} --discard")}' drops them.";

    private static int Finish(Session session, GroupName group, LayerEditor editor, LayerEdit edit, Request request, CancellationToken cancellation)
    {
        var change = editor.Review(edit);
        foreach (var finding in change.Findings) session.Error.Line("left alone ", Tint.Notice, $"{finding.Path}: {finding.Message}");
        foreach (var path in change.LeftOut) session.Error.Line("left out ", Tint.Notice, $"{path}: upstream's .gitignore covers it.");
        if (change.IsEmpty && !(request.Accept && edit.Disputes.Count > 0))
        {
            editor.Discard();
            session.Out.Line($"Nothing was changed, so nothing was committed; group/{group} is as it was.");
            if (edit.Disputes.Count == 0) return ExitCode.InOrder;
            session.Error.Line($"It still disagrees with upstream in {Words.Some([.. edit.Disputes], MostNamed)}. '{session.Next($"layer edit {group} --accept -- true")}' says that the layer's version is meant.");
            return ExitCode.PersonNeeded;
        }

        var paths = change.Paths.ToList();
        var summary = paths.Count == 0 ? $"keep {Words.Some([.. edit.Disputes], MostNamed)}" : Words.Some(paths, MostNamed);
        if (request.Command.Length == 0 && request.Message is null && session.Terminal.InIsTerminal && !Confirm(session, group, change))
        {
            session.Error.Line($"Nothing was committed. The files are in {editor.Tree}: {GoOn(session, group)}");
            return ExitCode.PersonNeeded;
        }

        if (editor.Commit(edit, change, request.Message ?? $"group/{group}: {summary}", session.Author(), cancellation) is not { } id)
        {
            throw new UserErrorException($"Somebody else moved group/{group} since this edit began, so it was not committed. Copy what you need out of {editor.Tree}, drop the edit with --discard, and begin again.");
        }

        editor.Discard();
        session.Out.Line($"group/{group} is at {id.Short}", Tint.Good, $": {summary}.");
        if (edit.Disputes.Count > 0) session.Out.Line($"Its dispute with upstream about {Words.Some([.. edit.Disputes], MostNamed)} is settled.");
        var clients = LayerCommand.ClientsOf(session.Workspace, group);
        if (clients.Count > 0) session.Out.Line($"{Words.Some(clients, MostNamed)} {(clients.Count == 1 ? "gets" : "get")} it at the next rollout; '{session.Next("plan")}' shows what that does, and '{session.Next("sync")}' does it now.", Tint.Faint);
        return ExitCode.InOrder;
    }

    private static bool Confirm(Session session, GroupName group, LayerChange change)
    {
        foreach (var content in change.Contents) session.Error.Line($"  {Words.Of(content)} ", Tint.None, content.Path.Value);
        foreach (var path in change.Attributes) session.Error.Line($"  attributes ", Tint.None, path);
        session.Terminal.Error.Write($"Commit this to group/{group}? [Y/n] ");
        session.Terminal.Error.Flush();
        return session.Terminal.In.ReadLine() is { } answer && !answer.TrimStart().StartsWith("n", StringComparison.OrdinalIgnoreCase);
    }

    private static string Shell() => Environment.GetEnvironmentVariable("SHELL") is { Length: > 0 } shell ? shell : "/bin/sh";

    private sealed record Request(string[] Command, string? Message, bool Accept);
}
