namespace Cake.Frosting;

/// <summary>The task runs after another one.</summary>
/// <param name="type">The other task's class, an <see cref="IFrostingTask"/>.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1019", Justification = "The package's names: type and Task.")]
public sealed class IsDependentOnAttribute(Type type) : Attribute
{
    /// <summary>The class of the task that runs first.</summary>
    public Type Task { get; } = type;
}
