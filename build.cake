// dotnet tool restore && dotnet cake
//
// The pipeline is build/packages.cake. It uses the addin of this very repository, which has to be compiled before Cake reads
// the script: so this one gives its process to build.sh, which compiles and gives it back to Cake. It stays one process, and
// whoever started it signals the pipeline itself.
using System.Runtime.InteropServices;

static class Native
{
    [DllImport("libc", SetLastError = true)]
    public static extern int execv(string path, string[] arguments); // execv(3)
}

var cake = System.Environment.GetCommandLineArgs();
var bash = Context.Tools.Resolve("bash") ?? throw new CakeException("bash was not found in PATH; install it");
string[] command = ["bash", "build.sh", "--then", System.Environment.ProcessPath, cake[0], "build/packages.cake", .. cake.Skip(1).Where(argument => argument.StartsWith("-") || System.IO.Path.GetFileName(argument) != "build.cake"), null];
Native.execv(bash.FullPath, command);
throw new CakeException($"{bash}: {Marshal.GetLastPInvokeErrorMessage()}");
