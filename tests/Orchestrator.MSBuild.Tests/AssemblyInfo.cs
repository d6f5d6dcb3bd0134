using Orchestrator.MSBuild.Tests;

[assembly: AssemblyFixture(typeof(PackedPackage))]
