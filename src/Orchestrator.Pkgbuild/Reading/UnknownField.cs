namespace Orchestrator.Pkgbuild;

/// <summary>A field of a PKGBUILD whose value depends on running a program.</summary>
/// <param name="Name">The field (<c>pkgver</c>); <c>PKGBUILD</c> if it is all of them.</param>
/// <param name="File">Full path of the file that has the construct which would have to run.</param>
/// <param name="Line">Line of that construct, from 1.</param>
/// <param name="Reason">What would have to run.</param>
public sealed record UnknownField(string Name, string File, int Line, string Reason)
{
    /// <summary>Column of that construct, from 1, in UTF-16 units; 0 if it is the whole line.</summary>
    public int Column { get; init; }

    /// <summary><c>FILE(LINE): needs evaluation: NAME: REASON</c>, on one line.</summary>
    public override string ToString() => Printable.OneLine($"{File}({Line}): needs evaluation: {Name}: {Reason}");
}
