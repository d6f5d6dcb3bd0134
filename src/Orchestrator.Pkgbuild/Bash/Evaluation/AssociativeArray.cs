using System.Diagnostics.CodeAnalysis;

namespace Orchestrator.Pkgbuild.Bash;

/// <summary>An associative array, whose members come in the order in which bash's hash table has them.</summary>
internal sealed class AssociativeArray
{
    // hashlib.c: 1,024 buckets, four times as many as soon as there are twice as many members as buckets; FNV-1; a new
    // member is the first of its bucket.
    private const int FirstBucketCount = 1024;
    private const int GrowthFactor = 4;

    private readonly Dictionary<string, string> members = [];
    private List<string>?[] buckets = new List<string>?[FirstBucketCount];

    internal int Count => members.Count;

    internal IEnumerable<string> Keys => buckets.SelectMany(bucket => bucket is null ? [] : Enumerable.Reverse(bucket));

    internal IEnumerable<string> Values => Keys.Select(key => members[key]);

    internal bool TryGet(string key, [NotNullWhen(true)] out string? value) => members.TryGetValue(key, out value);

    internal void Set(string key, string value)
    {
        if (members.TryAdd(key, value))
        {
            if (members.Count > buckets.Length * 2)
            {
                Grow();
            }

            Add(key);
        }
        else
        {
            members[key] = value;
        }
    }

    internal void Remove(string key)
    {
        if (members.Remove(key))
        {
            buckets[Hash(key) % (uint)buckets.Length]!.Remove(key);
        }
    }

    internal AssociativeArray Clone()
    {
        AssociativeArray clone = new();
        clone.buckets = [.. buckets.Select(bucket => bucket is null ? null : new List<string>(bucket))];
        foreach (var (key, value) in members)
        {
            clone.members[key] = value;
        }

        return clone;
    }

    private void Grow()
    {
        // Each bucket is walked from its first member on, so that its order is reversed.
        var old = buckets;
        buckets = new List<string>?[old.Length * GrowthFactor];
        foreach (var bucket in old)
        {
            foreach (var key in Enumerable.Reverse(bucket ?? []))
            {
                Add(key);
            }
        }
    }

    private void Add(string key) => (buckets[Hash(key) % (uint)buckets.Length] ??= []).Add(key);

    private static uint Hash(string key)
    {
        var hash = 2166136261;
        foreach (var value in ByteText.Encode(key))
        {
            hash *= 16777619;

            // bash hashes chars, which have a sign.
            hash ^= (uint)(sbyte)value;
        }

        return hash;
    }
}
