using EtcSync.Core.Boot;

namespace EtcSync.Core.Tests.Boot;

public sealed class MkinitcpioHooksTests
{
    [Fact]
    public void HooksThatDidAPartOfTheWork_areReplaced_andCommentsStay()
    {
        const string Text = "# HOOKS=(none)\nMODULES=()\nHOOKS=(base udev autodetect modconf net filesystems keyboard overlayfs etc) # ours\n#COMPRESSION=\u00ff\n";
        Assert.Equal("# HOOKS=(none)\nMODULES=()\nHOOKS=(base udev autodetect modconf net filesystems keyboard etcsync) # ours\n#COMPRESSION=\u00ff\n", MkinitcpioHooks.Find(Text)?.WithOurs().ToText());
    }

    [Theory]
    [InlineData("HOOKS=(base udev block filesystems fsck)", "HOOKS=(base udev block net filesystems fsck etcsync)")]
    [InlineData("HOOKS=(base systemd block filesystems)", "HOOKS=(base systemd block filesystems sd-etcsync)")]
    [InlineData("HOOKS=\"base udev net\"", "HOOKS=\"base udev net etcsync\"")]
    [InlineData("HOOKS=(a)\nHOOKS=(\n  base\n  net\n)\n", "HOOKS=(a)\nHOOKS=(base net etcsync)\n")]
    public void OurHook_isTheLast(string text, string wanted) => Assert.Equal(wanted, MkinitcpioHooks.Find(text)?.WithOurs().ToText());

    [Fact]
    public void OurHook_again_changesNothing()
    {
        var once = MkinitcpioHooks.Find("HOOKS=(base udev filesystems)")!.WithOurs();
        Assert.Equal(once, MkinitcpioHooks.Find(once.ToText())!.WithOurs());
        Assert.Equal(once.ToText(), MkinitcpioHooks.Find(once.ToText())!.WithOurs().ToText());
    }

    [Fact]
    public void ForAllMachines_leavesAutodetectOut() => Assert.Equal("HOOKS=(base net)", MkinitcpioHooks.Find("HOOKS=(base autodetect net)")?.ForAllMachines().ToText());

    [Theory]
    [InlineData("")]
    [InlineData("#HOOKS=(base)")]
    [InlineData("HOOKS=(base\n # more\n udev)")]
    [InlineData("HOOKS=(base $more)")]
    [InlineData("HOOKS=(base \"udev\")")]
    [InlineData("HOOKS=(base)\nHOOKS+=(etc)\n")]
    [InlineData("HOOKS=(base")]
    public void WhatIsNotPlain_isNotUnderstood(string text) => Assert.Null(MkinitcpioHooks.Find(text));

    [Theory]
    [InlineData("HOOKS+=(etc)", true)]
    [InlineData("  HOOKS=$x", true)]
    [InlineData("MODULES=(HOOKS)", false)]
    public void HooksInAFile_areSeen(string text, bool areThere) => Assert.Equal(areThere, MkinitcpioHooks.AreIn(text));
}
