using System.Runtime.InteropServices;

namespace EtcSync.Tests.FileSystem;

/// <summary>
/// Runs something on a thread of its own on which the kernel answers one system call with an error (seccomp(2)), or, with error
/// 0, says that it is done and does nothing: that is how file systems look that are not in every kernel.
/// </summary>
internal static partial class ForbiddenCall
{
    private const int SetNoNewPrivileges = 38;
    private const int SetSeccomp = 22;
    private const int FilterMode = 2;

    /// <summary>renameat2(2), where its flags are RENAME_EXCHANGE.</summary>
    public static (uint Number, uint? Argument, uint Value) Exchange { get; } = (IsArm ? 276u : 316u, 4, 2);

    /// <summary>fchownat(2).</summary>
    public static (uint Number, uint? Argument, uint Value) ChangeOwner { get; } = (IsArm ? 54u : 260u, null, 0);

    /// <summary>fchmod(2).</summary>
    public static (uint Number, uint? Argument, uint Value) ChangeMode { get; } = (IsArm ? 52u : 91u, null, 0);

    private static bool IsArm => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    public static T Run<T>((uint Number, uint? Argument, uint Value) call, int error, Func<T> action)
    {
        var result = default(T);
        var failure = default(Exception);
        var thread = new Thread(() =>
        {
            try
            {
                Forbid(call, error);
                result = action();
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? result! : throw new InvalidOperationException("It failed on the thread.", failure);
    }

    private static unsafe void Forbid((uint Number, uint? Argument, uint Value) call, int error)
    {
        // Classic BPF over struct seccomp_data: the number at 0, the arguments from 16, eight bytes each.
        Span<Instruction> program =
        [
            new(0x20, 0, 0, 0),
            new(0x15, 0, 3, call.Number),
            new(0x20, 0, 0, 16 + (8 * (call.Argument ?? 0))),
            call.Argument is null ? new(0x15, 0, 0, 0) : new(0x15, 0, 1, call.Value),
            new(0x06, 0, 0, 0x00050000u | (uint)error),
            new(0x06, 0, 0, 0x7fff0000),
        ];
        fixed (Instruction* first = program)
        {
            var filter = new Program((ushort)program.Length, first);
            if (prctl(SetNoNewPrivileges, 1, null, 0, 0) != 0 || prctl(SetSeccomp, FilterMode, &filter, 0, 0) != 0) throw new InvalidOperationException($"No seccomp: {Marshal.GetLastPInvokeError()}.");
        }
    }

    [LibraryImport("libc.so.6", SetLastError = true)]
    private static unsafe partial int prctl(int option, nuint second, void* third, nuint fourth, nuint fifth);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Instruction(ushort Code, byte IfTrue, byte IfFalse, uint Value);

    [StructLayout(LayoutKind.Sequential)]
    private readonly unsafe struct Program(ushort length, Instruction* first)
    {
        private readonly ushort _length = length;
        private readonly Instruction* _first = first;
    }
}
