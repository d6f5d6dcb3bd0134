namespace Orchestrator.Pkgbuild.Tests;

/// <summary>A gpg of its own with one key, and no agent that outlives it.</summary>
public sealed class KeyRing : IAsyncDisposable
{
    private readonly string home;

    private KeyRing(string home) => this.home = home;

    /// <summary>Fingerprint of the key.</summary>
    public string Key { get; private set; } = "";

    /// <summary>A gpg that uses this key ring, as a program for git.</summary>
    public string Program => Path.Combine(home, "program");

    public static async Task<KeyRing> CreateAsync(string folder)
    {
        Assert.SkipUnless(Workshop.HasCommand("gpg"), "gpg is not installed");
        KeyRing ring = new(Directory.CreateDirectory(folder).FullName);
        LinuxFile.SetMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await File.WriteAllTextAsync(ring.Program, $"#!/bin/sh\nexec gpg --homedir '{folder}' \"$@\"\n", TestContext.Current.CancellationToken);
        LinuxFile.SetMode(ring.Program, BuildEnvironment.DirectoryMode);
        await ring.GpgAsync("--quiet", "--passphrase", "", "--quick-generate-key", "test@example.org", "rsa2048", "sign", "never");
        var list = await ring.GpgAsync("--with-colons", "--list-keys");
        ring.Key = list.Split('\n').First(line => line.StartsWith("fpr:", StringComparison.Ordinal)).Split(':')[9];
        return ring;
    }

    public Task<string> GpgAsync(params string[] arguments) => Workshop.RunAsync(home, "gpg", ["--homedir", home, "--batch", .. arguments]);

    public Task EndAgentAsync() => Workshop.RunAsync(home, "gpgconf", "--homedir", home, "--kill", "all");

    public BuildOptions Use(BuildOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options with { Environment = new Dictionary<string, string?> { ["GNUPGHOME"] = home } };
    }

    public async ValueTask DisposeAsync() => await EndAgentAsync();
}
