using System.Runtime.InteropServices;

namespace Orchestrator.Pkgbuild;

/// <summary>The architecture that packages are built for: <c>CARCH</c> of <c>makepkg.conf(5)</c>.</summary>
public static class MachineArchitecture
{
    /// <summary>This machine's, by the name that PKGBUILDs use for it (<c>x86_64</c>, <c>aarch64</c>).</summary>
    public static string Current { get; } = NameOf(RuntimeInformation.OSArchitecture);

    /// <summary>What compilers call an architecture on this system (<c>CHOST</c> of <c>makepkg.conf(5)</c>; on Windows those of the environments of MSYS2, which <c>MSYSTEM</c> names).</summary>
    internal static string HostOf(string architecture) =>
        !OperatingSystem.IsWindows() ? $"{architecture}-pc-linux-gnu"
        : Environment.GetEnvironmentVariable("MSYSTEM") is not (null or "" or "MSYS") ? $"{architecture}-w64-mingw32"
        : $"{architecture}-pc-msys";

    private static string NameOf(Architecture architecture) => architecture switch
    {
        Architecture.X64 => "x86_64",
        Architecture.X86 => "i686",
        Architecture.Arm64 => "aarch64",
        Architecture.Arm => "armv7h",
        Architecture.Armv6 => "armv6h",
        Architecture.RiscV64 => "riscv64",
        Architecture.LoongArch64 => "loong64",
        Architecture.Ppc64le => "powerpc64le",
        Architecture.S390x => "s390x",
        _ => "unknown",
    };
}
