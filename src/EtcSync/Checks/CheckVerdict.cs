namespace EtcSync.Checks;

/// <summary>What a checker says of a tree.</summary>
internal abstract record CheckVerdict
{
    private CheckVerdict()
    {
    }

    /// <summary>Whether it says the same of its tree as another of another. Two checks that did not come to an end found nothing, and not the same.</summary>
    public bool SaysTheSameAs(CheckVerdict other) => this == other && this is not Failed { IsUnfinished: true };

    /// <summary>It found nothing wrong.</summary>
    public sealed record Passed : CheckVerdict;

    /// <summary>It found something wrong, or did not come to an end.</summary>
    /// <param name="Words">What it said, on one line, fit to be shown.</param>
    public sealed record Failed(string Words) : CheckVerdict
    {
        /// <summary>Whether it was ended before it had said anything: another time, when the server has less to do, it may find nothing wrong.</summary>
        public bool IsUnfinished { get; init; }
    }

    /// <summary>It could not be run.</summary>
    /// <param name="Reason">Why, as a sentence.</param>
    public sealed record Unavailable(string Reason) : CheckVerdict;

    /// <summary>The shared root has no such program: nobody there can be harmed by what it would read.</summary>
    public sealed record NoProgram : CheckVerdict;
}
