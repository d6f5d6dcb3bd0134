namespace Cake.Frosting;

/// <summary>The build goes on after this task has failed.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ContinueOnErrorAttribute : Attribute
{
}
