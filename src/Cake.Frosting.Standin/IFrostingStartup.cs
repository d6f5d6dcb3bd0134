using Microsoft.Extensions.DependencyInjection;

namespace Cake.Frosting;

/// <summary>Sets up the services of a host in a class of its own, for <see cref="CakeHostExtensions.UseStartup{TStartup}"/>.</summary>
public interface IFrostingStartup
{
    /// <summary>Adds to or replaces the services of the host.</summary>
    /// <param name="services">The services; the last registration of a type wins.</param>
    void Configure(IServiceCollection services);
}
