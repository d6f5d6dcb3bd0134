using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Cake.Core;

namespace Orchestrator.Cake;

/// <summary>What is wrong in the arguments of an alias is one clear error of the script.</summary>
internal static class Given
{
    /// <exception cref="CakeException">It is null.</exception>
    internal static void NotNull([NotNull] object? argument, string what, [CallerMemberName] string alias = "")
    {
        if (argument is null)
        {
            throw new CakeException($"{alias}: {what} must be given, and is null");
        }
    }
}
