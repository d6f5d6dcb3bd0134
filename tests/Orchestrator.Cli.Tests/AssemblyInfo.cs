[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
[assembly: AssemblyFixture(typeof(Orchestrator.Cli.Tests.ToolFixture))]
