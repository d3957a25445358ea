namespace EtcSync.Core.Etckeeper;

/// <summary>What a <c>.etckeeper</c> says about one file or directory.</summary>
public sealed record EtckeeperRecord
{
    private readonly string _path = "";
    private readonly int? _mode;
    private readonly string? _owner;
    private readonly string? _group;

    /// <summary>A record.</summary>
    /// <exception cref="ArgumentException">One of the values breaks the rule of its property.</exception>
    public EtckeeperRecord(string path, int? mode, string? owner = null, string? group = null)
    {
        Path = path;
        Mode = mode;
        Owner = owner;
        Group = group;
    }

    private EtckeeperRecord()
    {
    }

    /// <summary>The path, without "./"; "." for the top.</summary>
    public string Path
    {
        get => _path;
        init => _path = EtckeeperPath.IsValid(value)
            ? value
            : throw new ArgumentException($"'{value}' is not a path that a .etckeeper can name.", nameof(value));
    }

    /// <summary>The permission bits, 0 to 07777 (octal). Null where no line says: the first etckeepers left out 0644 and 0755.</summary>
    public int? Mode
    {
        get => _mode;
        init => _mode = value is null or >= 0 and <= 0xFFF ? value : throw new ArgumentException("A mode has twelve bits.", nameof(value));
    }

    /// <summary>The owner's name, or number where it had no name. Null: the user that commits, which is root.</summary>
    public string? Owner
    {
        get => _owner;
        init => _owner = Checked(value);
    }

    /// <summary>The group's name, or number where it had no name. Null: the group of the user that commits, which is root's.</summary>
    public string? Group
    {
        get => _group;
        init => _group = Checked(value);
    }

    /// <summary>
    /// Whether it can be an owner or a group. etckeeper puts names between quotes as they are, so a quote in one would
    /// end the word; a colon or a slash cannot be in passwd(5); a control character would break the line. Where a client's
    /// passwd has such a name for a number, record the number.
    /// </summary>
    public static bool IsName(string name)
    {
        if (name.Length is 0 or > 255 || name[0] == '-') return false;
        foreach (var c in name)
        {
            if (c is '\'' or ':' or '/' or '\u007F' or < ' ') return false;
        }

        return true;
    }

    /// <summary>A record of values that were checked already.</summary>
    internal static EtckeeperRecord Known(string path, int? mode, string? owner, string? group) => new(path, mode, owner, group, default);

    /// <summary>Whether mode, owner and group are the same; the paths are known to be.</summary>
    internal bool SaysTheSame(EtckeeperRecord other) =>
        ReferenceEquals(this, other) || (_mode == other._mode && _owner == other._owner && _group == other._group);

    // The last parameter only tells the two constructors apart.
    private EtckeeperRecord(string path, int? mode, string? owner, string? group, ValueTuple unchecked_)
        : this() => (_path, _mode, _owner, _group) = (path, mode, owner, group);

    private static string? Checked(string? name) =>
        name is null || IsName(name) ? name : throw new ArgumentException($"'{name}' is not the name of a user or group.", nameof(name));
}
