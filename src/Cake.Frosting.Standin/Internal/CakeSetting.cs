namespace Cake.Frosting.Internal;

/// <summary>A value of <see cref="CakeHostExtensions.UseCakeSetting"/>.</summary>
/// <param name="Key">The setting.</param>
/// <param name="Value">Its value.</param>
internal sealed record CakeSetting(string Key, string Value);
