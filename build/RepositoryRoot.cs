using Cake.Core;

namespace Build;

/// <summary>The folder of the repository, wherever this program is started.</summary>
internal static class RepositoryRoot
{
    internal static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Orchestrator.sln")))
            {
                return folder.FullName;
            }
        }

        throw new CakeException("Orchestrator.sln was not found above the program: run ./build.sh of the repository");
    }
}
