using System.Collections.Immutable;

namespace EtcSync.Core.Etckeeper;

/// <summary>
/// A <c>.etckeeper</c>: modes and owners of files and directories, and the directories that are empty, which git does
/// not track. Two are equal if they say the same in the same spelling; lines that were rejected do not count.
/// </summary>
public sealed class EtckeeperFile : IEquatable<EtckeeperFile>
{
    /// <summary>The file's name, at the top of the repository.</summary>
    public const string FileName = ".etckeeper";

    /// <summary>The mode etckeeper gives it, octal 0700: it tells names from directories that others may not read.</summary>
    public const int FileMode = 0x1C0;

    internal static readonly Func<EtckeeperRecord, string> PathOf = record => record.Path;
    internal static readonly Func<string, string> Itself = path => path;

    internal EtckeeperFile(
        ImmutableArray<EtckeeperRecord> records,
        ImmutableArray<string> emptyDirectories,
        EtckeeperSpelling spelling,
        ImmutableArray<RejectedLine> rejected)
    {
        Records = records;
        EmptyDirectories = emptyDirectories;
        Spelling = spelling;
        Rejected = rejected;
    }

    /// <summary>One that says nothing.</summary>
    public static EtckeeperFile Empty { get; } = new([], [], EtckeeperSpelling.DotSlash, []);

    /// <summary>The records, one a path, sorted by path (byte by byte).</summary>
    public ImmutableArray<EtckeeperRecord> Records { get; }

    /// <summary>The directories with nothing in them, sorted (byte by byte).</summary>
    public ImmutableArray<string> EmptyDirectories { get; }

    /// <summary>How the paths of the records are spelled.</summary>
    public EtckeeperSpelling Spelling { get; }

    /// <summary>
    /// The lines that <see cref="Parse"/> did not understand, or that name something outside the repository or its
    /// git directory; at most 1,000. They have no effect, and are not written again.
    /// </summary>
    public ImmutableArray<RejectedLine> Rejected { get; }

    /// <summary>
    /// Reads the content of a <c>.etckeeper</c> of any version. Never fails and never runs anything: what is not
    /// understood is in <see cref="Rejected"/>. Where lines disagree, the last one stands.
    /// </summary>
    public static EtckeeperFile Parse(ReadOnlySpan<byte> content) => EtckeeperParser.Parse(content);

    /// <summary>One of these records and empty directories, in whatever order they come; of equal paths the last stands.</summary>
    /// <exception cref="ArgumentException">An empty directory's path is not one that a line can name.</exception>
    public static EtckeeperFile Of(
        IEnumerable<EtckeeperRecord> records, IEnumerable<string> emptyDirectories, EtckeeperSpelling spelling) =>
        new EtckeeperFile([], [], spelling, []).With(records, [], emptyDirectories, []);

    /// <summary>What etckeeper writes for a tree of these entries; see <see cref="EtckeeperFilter"/>.</summary>
    /// <param name="entries">
    /// The tree, with its top, without the top's <c>.git</c>. If <c>.etckeeper</c> is not among them it gets the record
    /// it has once it is written.
    /// </param>
    /// <param name="spelling">The spelling, from <see cref="EtckeeperFilter.SpellingOf"/>.</param>
    public static EtckeeperFile FromObserved(IEnumerable<ObservedEntry> entries, EtckeeperSpelling spelling)
    {
        var records = new List<EtckeeperRecord>();
        var directories = new List<string>();
        var hasItself = false;
        foreach (var entry in entries)
        {
            hasItself |= entry.Path == FileName;
            if (EtckeeperFilter.RecordOf(entry, spelling) is { } record) records.Add(record);
            if (EtckeeperFilter.IsEmptyDirectory(entry)) directories.Add(entry.Path);
        }

        if (!hasItself) records.Add(new(FileName, FileMode));
        records.Sort((left, right) => EtckeeperPath.Compare(left.Path, right.Path));
        directories.Sort(EtckeeperPath.Compare);
        return new([.. records], [.. directories], spelling, []);
    }

    /// <summary>The content, byte for byte as etckeeper writes it.</summary>
    public byte[] Write() => EtckeeperWriter.Write(this);

    /// <summary>The record of a path ("." for the top), or null.</summary>
    public EtckeeperRecord? Find(string path) =>
        EtckeeperPath.Search(Records.AsSpan(), path, PathOf) is var at and >= 0 ? Records[at] : null;

    /// <summary>Whether it says that there is an empty directory.</summary>
    public bool HasEmptyDirectory(string path) => EtckeeperPath.Search(EmptyDirectories.AsSpan(), path, Itself) >= 0;

    /// <summary>This with changes; costs little when they are few. A path that is both put and removed is put.</summary>
    /// <exception cref="ArgumentException">A path in <paramref name="newEmptyDirectories"/> is not one that a line can name.</exception>
    public EtckeeperFile With(
        IEnumerable<EtckeeperRecord> records,
        IEnumerable<string> removed,
        IEnumerable<string> newEmptyDirectories,
        IEnumerable<string> formerEmptyDirectories)
    {
        var edits = EtckeeperPath.NoEdits<EtckeeperRecord>();
        foreach (var path in removed) edits[path] = null;
        foreach (var record in records) edits[record.Path] = record;
        var directories = EtckeeperPath.NoEdits<string>();
        foreach (var path in formerEmptyDirectories) directories[path] = null;
        foreach (var path in newEmptyDirectories)
        {
            if (path == EtckeeperPath.Top || !EtckeeperPath.IsValid(path))
            {
                throw new ArgumentException($"'{path}' is not a directory that a .etckeeper can name.", nameof(newEmptyDirectories));
            }

            directories[path] = path;
        }

        return With(edits, directories);
    }

    /// <summary>The paths of the records that are only in one of two, or not the same in both, in order.</summary>
    public static IEnumerable<string> Differing(EtckeeperFile left, EtckeeperFile right)
    {
        if (ReferenceEquals(left, right)) yield break;
        int i = 0, j = 0;
        while (i < left.Records.Length || j < right.Records.Length)
        {
            var order = i == left.Records.Length ? 1 : j == right.Records.Length ? -1 : EtckeeperPath.Compare(left.Records[i].Path, right.Records[j].Path);
            if (order < 0)
            {
                yield return left.Records[i++].Path;
            }
            else if (order > 0)
            {
                yield return right.Records[j++].Path;
            }
            else
            {
                var (one, other) = (left.Records[i++], right.Records[j++]);
                if (!ReferenceEquals(one, other) && one != other) yield return one.Path;
            }
        }
    }

    /// <summary>This in another spelling.</summary>
    public EtckeeperFile With(EtckeeperSpelling spelling) =>
        spelling == Spelling ? this : new(Records, EmptyDirectories, spelling, Rejected);

    /// <summary>
    /// This, but what it says about these paths, and about nothing else, is what the other says: record and empty
    /// directory, present or absent.
    /// </summary>
    public EtckeeperFile WithRecordsFrom(EtckeeperFile other, IReadOnlySet<string> paths)
    {
        if (paths.Count == 0 || ReferenceEquals(this, other)) return this;
        var edits = EtckeeperPath.NoEdits<EtckeeperRecord>();
        var directories = EtckeeperPath.NoEdits<string>();
        foreach (var path in paths)
        {
            edits[path] = other.Find(path);
            directories[path] = other.HasEmptyDirectory(path) ? path : null;
        }

        return With(edits, directories);
    }

    /// <inheritdoc/>
    public bool Equals(EtckeeperFile? other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (other is null || Spelling != other.Spelling || Records.Length != other.Records.Length) return false;
        if (!EmptyDirectories.AsSpan().SequenceEqual(other.EmptyDirectories.AsSpan())) return false;
        for (var i = 0; i < Records.Length; i++)
        {
            if (Records[i].Path != other.Records[i].Path || !Records[i].SaysTheSame(other.Records[i])) return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EtckeeperFile);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Records.Length, EmptyDirectories.Length, Spelling);

    /// <summary>Whether it says that the path is a directory: an empty one, or one with something below it.</summary>
    internal bool SaysDirectory(string path) =>
        HasEmptyDirectory(path) || EtckeeperPath.Below(Records.AsSpan(), path, PathOf).Length > 0
        || EtckeeperPath.Below(EmptyDirectories.AsSpan(), path, Itself).Length > 0;

    private EtckeeperFile With(SortedDictionary<string, EtckeeperRecord?> edits, SortedDictionary<string, string?> directories) => new(
        EtckeeperPath.Apply(Records, edits, PathOf), EtckeeperPath.Apply(EmptyDirectories, directories, Itself), Spelling, Rejected);
}
