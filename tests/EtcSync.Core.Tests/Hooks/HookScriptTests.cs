using System.Text;
using EtcSync.Core.Hooks;

namespace EtcSync.Core.Tests.Hooks;

public sealed class HookScriptTests
{
    private const string Foreign = "#!/bin/sh\nset -e\netckeeper pre-commit -d `pwd`\n";

    [Theory]
    [InlineData(Foreign)]
    [InlineData("#!/bin/sh\nno line break at the end")]
    [InlineData("#!/usr/bin/env bash\r\nmake check\r\n\n\n")]
    [InlineData("#! /bin/sh -e\n# caf\u00e9 \u00ff\n")]
    [InlineData("#!/bin/sh\n")]
    public void ForeignHook_comesBackToTheByte(string hook)
    {
        var bytes = Encoding.Latin1.GetBytes(hook);
        var script = HookScript.Parse(bytes);
        Assert.Null(script.Refusal);
        var installed = HookScript.Parse(script.Warning("etcsync", "etcsync hook run").ToBytes());
        Assert.True(installed.HasBlock);
        Assert.False(installed.IsOurs);
        Assert.Equal(bytes, installed.Without().ToBytes());
    }

    [Fact]
    public void WhatWasAddedBehindTheBlock_stays()
    {
        var installed = Text(HookScript.Parse(Encoding.Latin1.GetBytes(Foreign)).Warning("etcsync", "etcsync hook run")) + "echo more\n";
        Assert.Equal(Foreign + "echo more\n", Text(HookScript.Parse(Encoding.Latin1.GetBytes(installed)).Without()));
    }

    [Fact]
    public void Installing_again_changesTheMode_andNothingElse()
    {
        var warning = HookScript.Parse(Encoding.Latin1.GetBytes(Foreign)).Warning("etcsync", "etcsync hook run");
        Assert.Equal(Text(warning), Text(HookScript.Parse(warning.ToBytes()).Warning("etcsync", "etcsync hook run")));
        var enforcing = HookScript.Parse(warning.ToBytes()).Enforcing("etcsync", "etcsync hook run");
        Assert.True(enforcing.Enforces);
        Assert.Equal(Text(warning), Text(HookScript.Parse(enforcing.ToBytes()).Warning("etcsync", "etcsync hook run")));
    }

    [Fact]
    public void NewHook_isAShellScript_andGoesWithItsBlock()
    {
        var made = HookScript.Parse(HookScript.None.Warning("etcsync", "etcsync hook run").ToBytes());
        Assert.StartsWith("#!/bin/sh\n", Text(made), StringComparison.Ordinal);
        Assert.True(made.IsOurs);
        Assert.True(HookScript.Parse(made.Enforcing("etcsync", "etcsync hook run").ToBytes()).IsOurs);
        Assert.Empty(made.Without().ToBytes());
    }

    [Theory]
    [InlineData("#!/usr/bin/python3\nprint(1)\n", "no shell script")]
    [InlineData("echo without a first line\n", "no shell script")]
    [InlineData("\u007fELF", "no shell script")]
    [InlineData("#!/bin/sh\nexec etckeeper pre-commit -d /etc\n\n# end\n", "exec etckeeper")]
    [InlineData("#!/bin/sh\ntrue\nexit 0", "exit 0")]
    public void HookThatNeverComesToItsEnd_isRefused(string hook, string reason) =>
        Assert.Contains(reason, HookScript.Parse(Encoding.Latin1.GetBytes(hook)).Refusal, StringComparison.Ordinal);

    private static string Text(HookScript script) => Encoding.Latin1.GetString(script.ToBytes());
}
