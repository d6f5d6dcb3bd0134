using System.Runtime.Versioning;
using Orchestrator.Matrix;
using Orchestrator.Matrix.Runners;

[assembly: SupportedOSPlatform("linux")]

return args switch
{
    ["repeat", .. var rest] => await Repetition.RunAsync(rest),
    ["compare", .. var rest] => await Comparison.RunAsync(rest),
    [KeepingOwner.Verb, var level, var script] => await KeepingOwner.RunAsync(level, script),
    [HostedRunner.Verb, var runner, var timeout, var file] => await HostedRunner.HostAsync(runner, timeout, file),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        Usage: Orchestrator.Matrix repeat [COUNT] [--level LEVEL] [--script NAME] [--end NAME] [--seed N] [--delay MS] [--jobs N]
               Orchestrator.Matrix compare [COUNT] [--runner PART_OF_NAME] [--script NAME]

        repeat   aborts every script under every level COUNT times (200), each time in a random way after 0 to 2 s
        compare  runs the same scripts under other tools, and prints how often nothing was left
        """);
    return 2;
}
