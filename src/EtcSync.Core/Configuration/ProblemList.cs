namespace EtcSync.Core.Configuration;

/// <summary>Collects the problems of one file while it is read.</summary>
internal sealed class ProblemList(string file)
{
    private readonly List<Problem> _problems = [];

    public string File => file;

    public bool IsEmpty => _problems.Count == 0;

    public void Add(int line, string key, string message) => _problems.Add(new(file, line, key, message));

    public Loaded<T> Result<T>(Func<T> value)
        where T : class => IsEmpty ? Loaded.From(value()) : Loaded.Failed<T>(_problems);
}
