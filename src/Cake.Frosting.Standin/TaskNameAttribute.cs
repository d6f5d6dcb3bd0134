namespace Cake.Frosting;

/// <summary>The name of a task, as <c>--target</c> takes it; without this attribute it is the name of the class.</summary>
/// <param name="name">The name; Cake ignores case.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class TaskNameAttribute(string name) : Attribute
{
    /// <summary>The name; Cake ignores case.</summary>
    public string Name { get; } = name;
}
