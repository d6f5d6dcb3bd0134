namespace Orchestrator.Pkgbuild.Tests;

/// <summary>A git repository with commits that have nothing of the user's configuration in them.</summary>
public sealed class GitRepositoryFolder(string path)
{
    public string Path => path;

    public async Task<string> CommitAsync(string file, string content)
    {
        if (!Directory.Exists(path))
        {
            Directory.CreateDirectory(path);
            await GitAsync("init", "--quiet", "--initial-branch=main");
        }

        await File.WriteAllTextAsync(System.IO.Path.Combine(path, file), content, TestContext.Current.CancellationToken);
        await GitAsync("add", "--all");
        await GitAsync("commit", "--quiet", "--message", content);
        return (await GitAsync("rev-parse", "HEAD")).Trim();
    }

    public Task<string> GitAsync(params string[] arguments) => Workshop.RunAsync(
        path, "git", ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgSign=false", "-c", "tag.gpgSign=false", .. arguments]);
}
