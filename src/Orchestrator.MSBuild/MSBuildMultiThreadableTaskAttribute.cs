namespace Microsoft.Build.Framework;

/// <summary>
/// Says that a task uses nothing that belongs to the whole process, such as its current directory: <c>-mt</c> runs it in the
/// process of the build, and any other in a process of its own. MSBuild looks for the full name, and has the class itself only
/// since 18.1.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
internal sealed class MSBuildMultiThreadableTaskAttribute : Attribute;
