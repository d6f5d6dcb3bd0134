namespace Orchestrator.Pkgbuild.Bash;

/// <summary>What <c>${…}</c> stands for.</summary>
/// <param name="Text">The value, where it is one; null where it is none.</param>
/// <param name="Items">The values, where they are a list.</param>
/// <param name="All"><c>@</c> or <c>*</c> of a list.</param>
/// <param name="Operand">The word that is to be expanded in its place.</param>
internal readonly record struct ParameterValue(string? Text, List<string>? Items = null, char All = '\0', Word? Operand = null)
{
    internal bool IsSet => Items is { } items ? items.Count > 0 : Text is not null;

    /// <summary>Whether there is no character in it.</summary>
    internal bool IsEmpty => Items is { } items ? items.TrueForAll(item => item.Length == 0) && items.Count < 2 : string.IsNullOrEmpty(Text);

    internal ParameterValue Select(Func<string, string> change) =>
        Items is { } items ? this with { Items = [.. items.Select(change)] } : this with { Text = change(Text ?? "") };
}
