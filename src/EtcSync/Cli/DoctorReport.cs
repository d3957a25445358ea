using System.Globalization;
using EtcSync.Cli.Json;
using EtcSync.Core.Doctor;

namespace EtcSync.Cli;

/// <summary>Shows what the doctor found.</summary>
internal static class DoctorReport
{
    private const int MostNamed = 8;

    /// <summary>For people: a line for each thing that is in order, one for each finding, then the clients.</summary>
    public static void Print(Session session, Diagnosis diagnosis)
    {
        foreach (var check in diagnosis.Checks) Print(session, check);
        if (!diagnosis.Ladders.IsEmpty)
        {
            session.Out.Line();
            session.Out.Table(["CLIENT", "RUNG", "LAST SEEN"], [.. diagnosis.Ladders.Select(pair => new[] { pair.Name.Value, LadderWords.Cell(pair.Ladder), Time(pair.Ladder.LastSeen) })]);
            // A room that is switched off is one sentence, and what needs a person does not drown in it.
            foreach (var same in diagnosis.Ladders.Where(pair => pair.Ladder.Verdict != LadderVerdict.Up).GroupBy(pair => (pair.Ladder.Message, pair.Ladder.NeedsPerson)).OrderByDescending(same => same.Key.NeedsPerson))
            {
                session.Out.Line($"{Words.Some([.. same.Select(pair => pair.Name.Value)], same.Key.NeedsPerson ? int.MaxValue : MostNamed)}: ", same.Key.NeedsPerson ? Tint.Bad : Tint.None, session.Locations.Pasteable(same.Key.Message));
            }
        }

        session.Out.Line();
        if (diagnosis.NeedsPerson) session.Out.Line("A person is needed.", Tint.Bad);
        else session.Out.Line("Nothing is to be done.", Tint.Good);
    }

    /// <summary>For programs.</summary>
    public static DoctorJson Json(Session session, Diagnosis diagnosis) => new(
        CliJson.Version,
        diagnosis.NeedsPerson,
        [.. diagnosis.Checks.Select(check => new DoctorCheckJson(check.Name, Word(check.State), [.. check.Findings.Select(finding => new DoctorFindingJson(
            Word(finding.State), session.Locations.Pasteable(finding.Message), finding.Id, finding.Acknowledged is { } known ? new(known.By, known.At) : null))]))],
        [.. diagnosis.Ladders.Select(pair => new LadderJson(
            pair.Name.Value, LadderWords.Of(pair.Ladder.Reached), LadderWords.Of(pair.Ladder.Verdict), pair.Ladder.LastSeen, pair.Ladder.NeedsPerson, session.Locations.Pasteable(pair.Ladder.Message)))]);

    private static void Print(Session session, DoctorCheck check)
    {
        // What is only a note stands beside what is in order, and does not replace it.
        if (check.State <= CheckState.Note) session.Out.Line($"{Word(CheckState.Good),-8} ", Tint.Good, $"{check.Name}: {(check.Findings.IsEmpty ? check.Good : "Nothing is to be done.")}");
        foreach (var finding in check.Findings)
        {
            var text = session.Locations.Pasteable(finding.Message);
            if (finding.Acknowledged is { } known)
            {
                session.Out.Line($"{"known",-8} ", Tint.Faint, $"{check.Name}: {finding.Id} (acknowledged by {known.By}, {Time(known.At)}; '{session.Next($"doctor --revoke {finding.Id}")}' takes that back)");
                continue;
            }

            var lines = text.Split('\n');
            session.Out.Line($"{Word(finding.State),-8} ", TintOf(finding.State), $"{check.Name}: {lines[0]}");
            foreach (var line in lines.Skip(1)) session.Out.Line($"         {line}");
            if (finding is { Id: { } id, State: CheckState.Trouble }) session.Out.Line($"         '{session.Next($"doctor --acknowledge {id}")}' accepts it.", Tint.Faint);
        }
    }

    private static string Word(CheckState state) => state switch
    {
        CheckState.Good => "ok",
        CheckState.Note => "note",
        CheckState.Unknown => "unknown",
        CheckState.Trouble => "trouble",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "An unknown state of a check."),
    };

    private static Tint TintOf(CheckState state) => state switch
    {
        CheckState.Good => Tint.Good,
        CheckState.Trouble => Tint.Bad,
        _ => Tint.Notice,
    };

    private static string Time(DateTimeOffset? time) => time?.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "-";
}
