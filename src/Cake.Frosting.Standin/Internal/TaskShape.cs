using System.Reflection;

namespace Cake.Frosting.Internal;

/// <summary>What the class of a task says of it: its attributes, and which of the virtual methods it overrides.</summary>
internal sealed class TaskShape
{
    private readonly Type _task;
    private readonly Type _baseType;

    private TaskShape(Type task, Type baseType)
    {
        _task = task;
        _baseType = baseType;
    }

    public string Name => NameOf(_task);

    public string? Description => _task.GetCustomAttribute<TaskDescriptionAttribute>()?.Description;

    public bool ContinuesOnError => _task.IsDefined(typeof(ContinueOnErrorAttribute), inherit: false);

    public Type ContextType => _baseType.GenericTypeArguments[0];

    public bool HasRun => Overrides(nameof(FrostingTask.Run), ContextType) || Overrides(nameof(AsyncFrostingTask.RunAsync), ContextType);

    public bool HasShouldRun => Overrides(nameof(FrostingTask.ShouldRun), ContextType);

    public bool HasOnError => Overrides(nameof(FrostingTask.OnError), typeof(Exception), ContextType);

    public bool HasFinally => Overrides(nameof(FrostingTask.Finally), ContextType);

    public IEnumerable<string> DependsOn =>
        _task.GetCustomAttributes<IsDependentOnAttribute>().Select(attribute => NameOfOther(attribute.Task));

    public IEnumerable<string> DependeeOf =>
        _task.GetCustomAttributes<IsDependeeOfAttribute>().Select(attribute => NameOfOther(attribute.Task));

    public static TaskShape Of(IFrostingTask task)
    {
        var type = task.GetType();
        for (var baseType = type; baseType is not null; baseType = baseType.BaseType)
        {
            if (baseType.IsGenericType && IsBaseOfTasks(baseType.GetGenericTypeDefinition()))
            {
                return new TaskShape(type, baseType);
            }
        }

        throw new InvalidOperationException($"The task '{NameOf(type)}' derives neither from FrostingTask nor from AsyncFrostingTask.");
    }

    private static bool IsBaseOfTasks(Type definition) =>
        definition == typeof(FrostingTask<>) || definition == typeof(AsyncFrostingTask<>);

    private static string NameOf(Type task) => task.GetCustomAttribute<TaskNameAttribute>()?.Name ?? task.Name;

    private string NameOfOther(Type task) => typeof(IFrostingTask).IsAssignableFrom(task)
        ? NameOf(task)
        : throw new FrostingException($"The task '{Name}' names '{task.Name}' as a dependency or dependee, which is not a task.");

    /// <summary>Whether the method that a call through the base class reaches is not the base class's own.</summary>
    private bool Overrides(string method, params Type[] parameters) =>
        _baseType.GetMethod(method, parameters) is { } declared
        && _task.GetMethods().Any(candidate => candidate.GetBaseDefinition() == declared && candidate.DeclaringType != _baseType);
}
