namespace Orchestrator.Pkgbuild;

/// <summary>A line of a build, in the order in which things happen.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The whole line as makepkg would print it, marks included, without a line end.</param>
/// <param name="Error">For <see cref="BuildMessageKind.Error"/>, what is wrong, with file and line.</param>
public sealed record BuildMessage(BuildMessageKind Kind, string Text, PkgbuildException? Error = null)
{
    /// <inheritdoc/>
    public override string ToString() => Text;
}
