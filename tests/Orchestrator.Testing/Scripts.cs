namespace Orchestrator.Testing;

/// <summary>Shell scripts that leave the process group, or do not want to die. Each says READY on its output when its processes run.</summary>
public static class Scripts
{
    /// <summary>By name; MARK stands for the argument of sleep(1) that the test looks for afterwards.</summary>
    public static IReadOnlyDictionary<string, string> ByName { get; } = new Dictionary<string, string>
    {
        ["plain tree"] = "sleep MARK & (sleep MARK & sleep MARK) & echo READY; wait",
        ["deaf to SIGTERM, SIGINT and SIGHUP"] = "trap '' TERM INT HUP; (trap '' TERM INT HUP; sleep MARK) & sleep MARK & echo READY; while :; do wait; sleep MARK; done",
        ["job control"] = "set -m; sleep MARK & sleep MARK & echo READY; wait",
        ["setsid"] = "setsid sleep MARK & setsid -f sleep MARK; echo READY; wait",
        ["double fork with closed streams"] = "( ( sleep MARK <&- >&- 2>&- & ) & ) ; ( ( exec setsid sleep MARK </dev/null >/dev/null 2>&1 & ) & ); echo READY; sleep MARK",
        ["scrubbed daemon"] = "env -i setsid sh -c 'cd /; (sleep MARK </dev/null >/dev/null 2>&1 &)'; echo READY; sleep MARK",
        ["stopped"] = "sleep MARK & kill -STOP $!; setsid sh -c 'kill -STOP $$; exec sleep MARK' & until [[ ! -e /proc/$!/stat || $(</proc/$!/stat) == *') T '* ]]; do :; done; echo READY; wait",
        ["stopped and deaf"] = "trap '' TERM INT HUP; sh -c 'kill -STOP $$; sleep MARK; :' & until [[ ! -e /proc/$!/stat || $(</proc/$!/stat) == *') T '* ]]; do :; done; echo READY; while :; do wait; sleep MARK; done",
        ["timeout"] = "timeout 4000 sleep MARK & echo READY; wait",
        ["nohup"] = "nohup sleep MARK >/dev/null 2>&1 & echo READY; wait",
        ["coproc"] = "coproc sleep MARK; echo READY; wait",
        ["escapees that fork escapees"] = "f() { setsid bash -c \"$body\" & }; export body='sleep MARK & if ((${N:=0} < 4)); then export N=$((N+1)); setsid bash -c \"$body\" & fi; wait'; f; echo READY; sleep MARK",
    };

    /// <summary>The script with the marker in it.</summary>
    public static string For(string name, Marker marker)
    {
        ArgumentNullException.ThrowIfNull(marker);
        return ByName[name].Replace("MARK", marker.Seconds, StringComparison.Ordinal);
    }
}
