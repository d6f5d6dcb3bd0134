// Keeps the arguments and the environment as the bytes that the kernel gave us. /proc has them too, but not where it is not
// mounted, nor for a program that its user may run but not read.
static char **arguments;
static char **environment;

__attribute__((constructor)) static void keep(int count, char **argv, char **envp)
{
    (void)count;
    arguments = argv;
    environment = envp;
}

char **orchestrator_arguments(void)
{
    return arguments;
}

char **orchestrator_environment(void)
{
    return environment;
}
