using System.CommandLine;
using EtcSync.Core.Clients;
using EtcSync.Core.Configuration;
using EtcSync.Core.Git;
using EtcSync.Core.Layers;
using EtcSync.Core.Overrides;
using EtcSync.Fleet;
using EtcSync.Git;
using EtcSync.Layers;
using EtcSync.Overrides;

namespace EtcSync.Cli.Commands;

/// <summary>'etcsync promote': a client's good edit as a patch for upstream or a layer.</summary>
internal static class PromoteCommand
{
    private const int MostNamed = 4;

    /// <summary>Builds the command.</summary>
    public static Command Create(CommandHost host)
    {
        var client = host.ClientName();
        var paths = new Argument<string[]>("PATH") { Description = "Files and directories, relative to /etc.", Arity = ArgumentArity.OneOrMore };
        var group = new Option<string?>("--layer") { Description = "Make it for the layer of this group, and not for upstream.", HelpName = "GROUP" };
        var commit = new Option<bool>("--commit") { Description = "With --layer: put it on the layer at once." };
        var output = new Option<string?>("--output", "-o") { Description = "Write the patch to this file, which only you can read, and not to standard output.", HelpName = "FILE" };
        var message = new Option<string?>("--message", "-m") { Description = "What the commit says.", HelpName = "TEXT" };
        var command = new Command("promote", "Turn what a client has of its own into a patch for upstream or a layer, with its lines of .etckeeper.") { client, paths, group, commit, output, message };
        command.Validators.Add(result =>
        {
            if (result.GetValue(commit) && result.GetValue(group) is null) result.AddError("--commit needs --layer: upstream is changed by people, with the patch.");
            if (result.GetValue(commit) && result.GetValue(output) is not null) result.AddError("--commit writes no patch: leave --output out.");
        });
        host.Handle(command, (session, parse, cancellation) =>
        {
            var request = new Request(parse.GetRequiredValue(paths), parse.GetValue(group), parse.GetValue(commit), parse.GetValue(output), parse.GetValue(message));
            return Run(session, parse.GetRequiredValue(client), request, cancellation);
        });
        return command;
    }

    private static int Run(Session session, string name, Request request, CancellationToken cancellation)
    {
        var wanted = request.Paths.Select(EtcPath.Parse).ToList();
        GroupName? group = request.Layer is { } layer ? LayerCommand.Parse(layer) : null;
        if (group is { } named) RefuseUnknown(session, named);
        var upstream = LayerCommand.Upstream(session, cancellation);
        using var clone = ClientClone.Open(session, name);
        var repository = clone.Repository;
        var objects = new ObjectOverlay(repository.Objects);
        var policies = session.Workspace.Configuration.Policies.PathsOf(clone.Client.Context);
        var (target, tip) = Target(session, repository.Objects, objects, upstream, group);
        var composite = repository.Objects.ReadCommit(clone.Merged().Composite).Tree;
        var promotion = OverridePromotion.Plan(objects, repository.Objects.ReadCommit(repository.Head()).Tree, composite, target, wanted, path => policies.ForPath(path.Value));
        foreach (var refusal in promotion.Refused) session.Error.Line($"{refusal.Path} is left out: ", Tint.Bad, refusal.Reason);
        if (promotion.Tree == target)
        {
            if (promotion.Refused.IsEmpty) session.Error.Line($"{name} has nothing there that {(group is { } known ? $"group/{known}" : "upstream")} has not. What it changed since the last sync is not on its branch yet: '{session.Next($"sync {name}")}'.");
            return promotion.Refused.IsEmpty ? ExitCode.InOrder : ExitCode.PersonNeeded;
        }

        List<string> paths = [.. promotion.Promoted.Contents.Select(change => change.Path.Value).Union(promotion.Promoted.Attributes, StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(Printable.Of)];
        var text = request.Message ?? $"{Words.Some(paths, MostNamed)}: as on {name}";
        var author = new Signature(session.Terminal.User, $"{session.Terminal.User}@{Environment.MachineName}", session.Time.GetLocalNow());
        if (request.Commit) return Commit(session, group!.Value, tip, upstream, promotion, objects, text, author, cancellation);

        var secret = paths.Find(clone.IsSecret);
        if (secret is not null && request.Output is null) throw new UserErrorException($"The content of {secret} is secret, and a patch holds it. Write it to a file that only you can read, with '--output FILE'.");
        var parent = group is null ? upstream : objects.Add(ObjectType.Commit, new GitCommit(target, [upstream], author, author, "Upstream with the layer\n").ToBytes());
        Write(session, request.Output, OverridePatch.Of(repository.GitDirectory, objects, parent, promotion.Tree, text + "\n", author, cancellation));
        Advise(session, name, group, request.Output ?? "PATCH");
        return promotion.Refused.IsEmpty ? ExitCode.InOrder : ExitCode.PersonNeeded;
    }

    // A layer that nobody has would keep the change from everybody: most likely its name is mistyped.
    private static void RefuseUnknown(Session session, GroupName group)
    {
        var known = session.Workspace.Configuration.Inventory.Clients.SelectMany(client => client.Groups).Select(one => one.Value).Union(session.Workspace.Hub.Layers().Keys).Order(StringComparer.Ordinal).ToList();
        if (known.Contains(group.Value)) return;
        var near = Suggestion.For(group.Value, known) is { } word ? $" Did you mean '{word}'?" : "";
        throw new UserErrorException($"No client is in the group '{group}', and it has no layer.{near}");
    }

    // For a layer: upstream with that layer in it, which is what its work tree has.
    private static (ObjectId Tree, ObjectId? Tip) Target(Session session, ObjectStore store, ObjectOverlay objects, ObjectId upstream, GroupName? group)
    {
        if (group is not { } name) return (store.ReadCommit(upstream).Tree, null);
        var reader = new LayerReader(store);
        ObjectId? tip = session.Workspace.Hub.Layers().TryGetValue(name.Value, out var found) ? found : null;
        var composite = CompositePlanner.Plan(objects, reader.Source(upstream), tip is { } layer ? [reader.Read(name.Value, layer, upstream)] : [], session.Workspace.PolicyOf([name]));
        return (composite.Tree, tip);
    }

    private static int Commit(
        Session session, GroupName group, ObjectId? tip, ObjectId upstream, OverridePromotion promotion, ObjectOverlay objects, string text, Signature author, CancellationToken cancellation)
    {
        session.Workspace.State.Prepare();
        // The client's versions are in its repository only; the hub lends to everybody and borrows from nobody.
        foreach (var change in promotion.Promoted.Contents.Where(change => change.After.Exists)) objects.AddBlob(objects.ReadBlob(change.After.Id));
        if (LayerCommit.Make(session.Workspace, group, tip, upstream, promotion.Tree, objects.Added, text, author, cancellation) is not { } id)
        {
            throw new UserErrorException($"Somebody else moved group/{group} in this moment, so nothing was committed. Try again.");
        }

        session.Out.Line($"group/{group} is at {id.Short}", Tint.Good, $": {text}.");
        session.Out.Line($"'{session.Next("plan")}' shows what that does, and '{session.Next("sync")}' does it now.", Tint.Faint);
        return promotion.Refused.IsEmpty ? ExitCode.InOrder : ExitCode.PersonNeeded;
    }

    private static void Write(Session session, string? file, byte[] patch)
    {
        if (file is null)
        {
            // A patch is bytes; what is not text would arrive as something else.
            session.Out.Raw(FileText.Of(patch) ?? throw new UserErrorException("The patch holds bytes that are not UTF-8. Write it to a file, with '--output FILE'."));
            return;
        }

        try
        {
            using var stream = new FileStream(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
            stream.Write(patch);
        }
        catch (IOException e) when (File.Exists(file))
        {
            throw new UserErrorException($"{file} is there already, or cannot be written: {e.Message} Name another file.");
        }
    }

    private static void Advise(Session session, string name, GroupName? group, string file)
    {
        if (group is { } layer) session.Error.Line($"Put it on the layer with '{session.Next($"layer edit {layer} -- git apply {file}")}', or have it done with --commit.", Tint.Faint);
        else session.Error.Line($"Look at it, then take it into upstream: 'git -C {session.Workspace.UpstreamDirectory} am {file} && etckeeper init -d {session.Workspace.UpstreamDirectory}' (etckeeper sets modes and owners). Once it is rolled out, {name} has no override there any more.", Tint.Faint);
    }

    private sealed record Request(string[] Paths, string? Layer, bool Commit, string? Output, string? Message);
}
