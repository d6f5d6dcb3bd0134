using Cake.Core.IO;

namespace Cake.Frosting.Internal;

/// <summary>Where <see cref="CakeHostExtensions.UseWorkingDirectory"/> wants the build to run.</summary>
/// <param name="Path">The directory.</param>
internal sealed record WorkingDirectory(DirectoryPath Path);
