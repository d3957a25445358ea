namespace EtcSync.Cli;

/// <summary>A question that is answered with yes or no.</summary>
internal static class Confirmation
{
    /// <summary>Asks, and says whether the answer was yes.</summary>
    /// <exception cref="UserErrorException">Nobody is there to be asked.</exception>
    public static bool Ask(Session session, string question)
    {
        if (!session.Terminal.InIsTerminal) throw new UserErrorException($"{question} Say --yes if that is meant; nobody is there to be asked.");
        session.Terminal.Error.Write(Printable.Of($"{question} [y/N] "));
        session.Terminal.Error.Flush();
        return session.Terminal.In.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }
}
