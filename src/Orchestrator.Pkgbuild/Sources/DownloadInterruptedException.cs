namespace Orchestrator.Pkgbuild;

/// <summary>A download failed in a way that another attempt may mend.</summary>
internal sealed class DownloadInterruptedException(string message, Exception? innerException = null)
    : Exception(message, innerException);
