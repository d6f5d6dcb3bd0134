namespace Orchestrator.Build.Tests;

/// <summary>One build at a time: the tests share the compiled host, and the machine.</summary>
[CollectionDefinition(Name)]
public sealed class MainJobGroup : ICollectionFixture<MainJob>
{
    public const string Name = "Main job";
}
