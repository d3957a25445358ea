using EtcSync.Core.Git;
using EtcSync.Core.Mergers;
using EtcSync.Core.Merging;
using EtcSync.Core.Resolutions;
using EtcSync.Core.Text;
using EtcSync.Git;
using EtcSync.Resolutions;

namespace EtcSync.Cli;

/// <summary>What a person wants as the answer to a dispute; one of the three.</summary>
/// <param name="Take">The side that is taken.</param>
/// <param name="File">The file that has the answer.</param>
/// <param name="Edit">Whether an editor makes it.</param>
internal sealed record AnswerRequest(DisputeSide? Take, string? File, bool Edit);

/// <summary>Makes the answer to a dispute of what a person asked for.</summary>
internal sealed class AnswerReader(Session session, DisputeView dispute, PendingObjects pending)
{
    private const int MostNamed = 4;

    private readonly ContentsInDispute _contents = dispute.Read(session.Workspace, pending);

    /// <summary>What is in dispute.</summary>
    public ContentsInDispute Contents => _contents;

    /// <summary>Reads it.</summary>
    /// <exception cref="UserErrorException">It cannot be an answer; the message says why.</exception>
    public DisputeAnswer Read(AnswerRequest request)
    {
        if (IsAttribute && (request.Take is null or DisputeSide.Base)) throw new UserErrorException($"{Printable.Of(dispute.Key.Name)} is about a mode or an owner, which has no lines: take upstream's or the client's, with '--take upstream' or '--take client'.");
        if (request.Take is { } side) return new DisputeAnswer.Take(side);
        if (!IsFile) throw new UserErrorException($"{Printable.Of(dispute.Key.Name)} is no file on either side, so that it can have no new content: take a side, with '--take'.");
        return new DisputeAnswer.Replace(WithLastBreak(request.File is { } file ? FromFile(file) : FromEditor()));
    }

    /// <summary>Whether the answer means that what is in dispute goes.</summary>
    public bool Removes(DisputeAnswer answer) => !IsAttribute && answer is DisputeAnswer.Take { Side: var side } && (dispute.Record is { } record ? record.Version(side) is null : side switch
    {
        DisputeSide.Base => !dispute.Conflict.Base.Exists,
        DisputeSide.Client => !dispute.Conflict.Client.Exists,
        _ => !dispute.Conflict.Upstream.Exists,
    });

    private bool IsAttribute => dispute.Conflict.Kind == ConflictKind.Attribute && dispute.Record is not null;

    private bool IsFile => dispute.Record is not null || dispute.Conflict.Client.Mode.IsRegular() || dispute.Conflict.Upstream.Mode.IsRegular();

    private byte[] FromFile(string path)
    {
        var (file, limit) = (new FileInfo(path), session.Workspace.Settings.Limits.FileSize);
        if (!file.Exists) throw new UserErrorException($"There is no file {path}.");
        if (file.Length > limit) throw new UserErrorException($"{path} has {file.Length} bytes; the limit (limits.file-size) is {limit}.");
        var content = File.ReadAllBytes(path);
        if (AnswerText.HasMarks(content)) throw new UserErrorException($"{path} has marks of a merge in it (<<<<<<<, |||||||, >>>>>>>). Nothing was settled.");
        if (content.Length == 0) RequireEmptyIsMeant();
        return content;
    }

    private byte[] FromEditor()
    {
        foreach (var content in (byte[]?[])[_contents.Base, _contents.Client, _contents.Upstream])
        {
            if (content is not null && TextMerge.IsBinary(content)) throw new UserErrorException($"{Printable.Of(dispute.Key.Path.Value)} is not text: give the new content with '--file', or take a side with '--take'.");
        }

        var text = AnswerText.Of(_contents.Base, _contents.Client, _contents.Upstream,
        [
            $"{Printable.Of(dispute.Key.Name)} on {Words.Some([.. dispute.Names], MostNamed)}: {Printable.Of(dispute.Reason)}",
            "Make of it what shall stand, and leave no mark. These lines at the top are dropped.",
            "Leave it as it is, and nothing is settled.",
        ]);
        var editor = new AnswerEditor(session.Workspace.State, session.Terminal.Editor);
        var edited = editor.Edit(dispute.Key.Digest, dispute.Key.Path.Name, text.Content, session.Workspace.Settings.Limits.FileSize);
        var (answer, fault) = text.Read(edited);
        switch (fault)
        {
            case AnswerFault.Unchanged:
                throw new UserErrorException("Nothing was changed, so nothing was settled.");
            case AnswerFault.Marked:
                throw new UserErrorException("There are marks left (<<<<<<<, |||||||, =======, >>>>>>>), so nothing was settled.");
            case AnswerFault.Empty:
                RequireEmptyIsMeant();
                break;
        }

        return answer;
    }

    private void RequireEmptyIsMeant()
    {
        if (dispute.Record is not null) throw new UserErrorException("A record without lines is none: to have it removed, take a side that does not have it. Nothing was settled.");
        if (!session.Terminal.InIsTerminal) throw new UserErrorException("The new content is empty. Nothing was settled; only a person at a terminal can say that this is meant.");
        session.Terminal.Error.Write($"The new content of {Printable.Of(dispute.Key.Path.Value)} is empty. Is that meant? [y/N] ");
        session.Terminal.Error.Flush();
        if (session.Terminal.In.ReadLine()?.Trim() is not ("y" or "Y" or "yes")) throw new UserErrorException("Nothing was settled.");
    }

    // Lines of a record stand between others.
    private byte[] WithLastBreak(byte[] content) => dispute.Record is null || content.Length == 0 || content[^1] == (byte)'\n' ? content : [.. content, (byte)'\n'];
}
