namespace Orchestrator.Pkgbuild;

/// <summary>How much of what a build needed was there from a build before.</summary>
/// <param name="Crates">Crates that cargo did not compile again.</param>
/// <param name="AllCrates">All crates; 0 if cargo said nothing.</param>
/// <param name="Objects">Object files of C and C++ that were not compiled again.</param>
/// <param name="AllObjects">All object files.</param>
public sealed record BuildReuse(int Crates, int AllCrates, int Objects, int AllObjects)
{
    /// <summary>Whether anything was reused.</summary>
    public bool IsAny => Crates > 0 || Objects > 0;

    /// <summary>For people: <c>31 of 58 crates, 40 of 62 object files</c>.</summary>
    public override string ToString() => string.Join(", ", Parts(Crates, AllCrates, Objects, AllObjects));

    /// <summary>The same for what may have no number of all.</summary>
    internal static IEnumerable<string> Parts(int crates, int allCrates, int objects, int allObjects)
    {
        if (crates > 0)
        {
            yield return Of(crates, allCrates, "crate");
        }

        if (objects > 0)
        {
            yield return Of(objects, allObjects, "object file");
        }
    }

    private static string Of(int some, int all, string what) =>
        all >= some ? $"{some} of {all} {what}s" : $"{some} {what}{(some == 1 ? "" : "s")}";
}
