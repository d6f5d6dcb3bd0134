namespace Cake.Frosting;

/// <summary>The task runs before another one, which need not know of it.</summary>
/// <param name="type">The other task's class, an <see cref="IFrostingTask"/>.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1019", Justification = "The package's names: type and Task.")]
public sealed class IsDependeeOfAttribute(Type type) : Attribute
{
    /// <summary>The class of the task that runs later.</summary>
    public Type Task { get; } = type;
}
