using System.Text;
using EtcSync.FileSystem;

namespace EtcSync.Cli;

/// <summary>The streams of a run, and what is at their other end.</summary>
internal sealed record Terminal
{
    private const int PipeWidth = 100;
    private const int NarrowestWidth = 40;

    /// <summary>For results.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>For everything else: problems, notices, progress.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>For answers.</summary>
    public required TextReader In { get; init; }

    /// <summary>Whether a person reads the results.</summary>
    public bool OutIsTerminal { get; init; }

    /// <summary>Whether a person sees problems and progress.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>Whether a person can answer.</summary>
    public bool InIsTerminal { get; init; }

    /// <summary>Whether the environment forbids colour (https://no-color.org).</summary>
    public bool NoColor { get; init; }

    /// <summary>The width of tables.</summary>
    public int Width { get; init; } = PipeWidth;

    /// <summary>Whether everything on the machine may be changed.</summary>
    public bool IsRoot { get; init; } = Environment.IsPrivilegedProcess;

    /// <summary>The editor, with its arguments, as git finds it where nothing is configured.</summary>
    public string Editor { get; init; } = "vi";

    /// <summary>Who started the program, for records.</summary>
    public string User { get; init; } = "root";

    /// <summary>
    /// The terminal of this process. Console's own writers, its reader and its width are not asked: each of them prepares
    /// the terminal for reading keys, and sends it the sequence ESC [ ? 1 h for that.
    /// </summary>
    public static Terminal OfProcess()
    {
        var outIsTerminal = !Console.IsOutputRedirected;
        return new()
        {
            Out = Writer(new StandardStream(1)),
            Error = Writer(new StandardStream(2)),
            In = new StreamReader(Console.OpenStandardInput()),
            OutIsTerminal = outIsTerminal,
            ErrorIsTerminal = !Console.IsErrorRedirected,
            InIsTerminal = !Console.IsInputRedirected,
            NoColor = Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 } || Environment.GetEnvironmentVariable("TERM") is "dumb",
            Width = outIsTerminal && WindowWidth() is var width and > 0 ? Math.Max(width, NarrowestWidth) : PipeWidth,
            Editor = Named("VISUAL") ?? Named("EDITOR") ?? "vi",
            User = Environment.GetEnvironmentVariable("SUDO_USER") is { Length: > 0 } user ? user : Environment.UserName,
        };
    }

    private static string? Named(string variable) => Environment.GetEnvironmentVariable(variable) is { } value && !string.IsNullOrWhiteSpace(value) ? value : null;

    private static TextWriter Writer(Stream stream) => TextWriter.Synchronized(new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true });

    private static int WindowWidth() => Libc.GetWindowSize(1, FileSystem.WindowSize.Request, out var size) == 0 ? size.Columns : 0;
}
