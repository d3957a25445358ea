namespace EtcSync.Cli.Conflicts;

/// <summary>How the page looks: light and dark as the reader's system is, narrow and wide, on paper.</summary>
internal static class HtmlStyle
{
    /// <summary>The style sheet. Every pair of colours has a contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3).</summary>
    public const string Css = """
        :root { color-scheme: light dark; --text: #1b1f24; --faint: #59636e; --page: #f4f5f7; --card: #ffffff; --line: #d5dae0; --code: #f4f5f7;
          --link: #0a58ca; --bad: #b02a37; --was: #fdecec; --was-mark: #f6b9bd; --is: #e6f6ea; --is-mark: #a5dfb4; }
        @media (prefers-color-scheme: dark) {
          :root { --text: #e6e8eb; --faint: #a3acb6; --page: #15181c; --card: #1e2227; --line: #3a4149; --code: #15181c;
            --link: #8ab8ff; --bad: #ff9aa2; --was: #3d2024; --was-mark: #7d2f38; --is: #17331f; --is-mark: #2a6a3b; }
        }
        * { box-sizing: border-box; }
        body { margin: 0 auto; padding: 1.5rem; max-width: 82rem; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
        h1 { font-size: 1.6rem; margin: 0 0 .25rem; }
        h2 { font-size: 1.2rem; margin: 2rem 0 .75rem; }
        h3 { font-size: 1.1rem; margin: 0; font-family: ui-monospace, monospace; }
        p { margin: .4rem 0; }
        a { color: var(--link); }
        code, pre, .lines { font-family: ui-monospace, monospace; font-size: .875rem; }
        code { background: var(--code); padding: .1rem .3rem; border-radius: .25rem; }
        pre { margin: .25rem 0; padding: .5rem .75rem; background: var(--code); border: 1px solid var(--line); border-radius: .375rem; white-space: pre-wrap; }
        .faint { color: var(--faint); }
        .bad { color: var(--bad); font-weight: 600; }
        article { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: 1rem 1.25rem; margin: 0 0 1rem; }
        article header { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: baseline; justify-content: space-between; }
        table { border-collapse: collapse; width: 100%; margin: .75rem 0; }
        th { text-align: left; font-weight: 600; }
        .list { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; border-collapse: separate; border-spacing: 0; }
        .list th, .list td { padding: .35rem .75rem; border-bottom: 1px solid var(--line); vertical-align: top; }
        .list tr:last-child td { border-bottom: 0; }
        .list td:last-child, .list th:last-child { text-align: right; white-space: nowrap; }
        .lines { table-layout: fixed; border: 1px solid var(--line); tab-size: 4; }
        .lines th { padding: .3rem .5rem; border-bottom: 1px solid var(--line); font-family: system-ui, sans-serif; }
        .lines td { padding: .1rem .5rem .1rem 3.75rem; vertical-align: top; white-space: pre-wrap; text-indent: 0; position: relative; }
        .lines th + th, .lines td + td { border-left: 1px solid var(--line); }
        .lines .number { position: absolute; left: .5rem; width: 2.25rem; text-align: right; color: var(--faint); user-select: none; }
        .lines .sign { position: absolute; left: 2.9rem; user-select: none; }
        .was { background: var(--was); } .is { background: var(--is); }
        mark { color: inherit; background: var(--is-mark); border-radius: .15rem; } .was mark { background: var(--was-mark); }
        .skipped td { padding: 0 .5rem; text-align: center; color: var(--faint); background: var(--code); }
        dl { display: grid; grid-template-columns: 6.5rem 1fr; gap: .3rem 1rem; margin: .75rem 0 0; }
        dt { color: var(--faint); } dd { margin: 0; min-width: 0; }
        ul { margin: 0; padding: 0; list-style: none; }
        details summary { cursor: pointer; }
        @media (max-width: 44rem) {
          body { padding: .75rem; } article { padding: .75rem; }
          dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; }
          .lines thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
          .lines, .lines tbody, .lines tr, .lines td { display: block; }
          .lines td + td { border-left: 0; }
          .lines .same td + td, .lines td.none { display: none; }
          .lines tr:not(.same) td::before { content: attr(data-side); display: block; text-indent: 0; color: var(--faint); font: .75rem system-ui, sans-serif; }
        }
        @media print { body { background: none; padding: 0; max-width: none; } article { break-inside: avoid; } details:not([open])::details-content { content-visibility: visible; display: block; } a { color: inherit; } }
        """;
}
