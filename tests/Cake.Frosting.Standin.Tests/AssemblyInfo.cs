using Xunit;
using Xunit.Sdk;
using Xunit.v3;

// A build changes the current directory, which belongs to the whole process.
[assembly: Parallelization(Mode = ParallelMode.None)]
