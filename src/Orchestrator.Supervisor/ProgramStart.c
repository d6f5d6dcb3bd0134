// What happens before and after C# runs.
//
// Keeps the arguments and the environment as the bytes that the kernel gave us. /proc has them too, but not where it is not
// mounted, nor for a program that its user may run but not read.
#include <unistd.h>

static char **arguments;
static char **environment;
static int began;

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

// Main calls it first.
void orchestrator_began(void)
{
    began = 1;
}

// A runtime that cannot start ends without a word, with another status than ours.
__attribute__((destructor)) static void tell(void)
{
    static const char message[] = "orchestrator-supervise: cannot start: no memory, or no more threads are allowed (RLIMIT_NPROC, or the pids limit of a control group)\n";
    if (!began)
    {
        ssize_t written = write(STDERR_FILENO, message, sizeof message - 1);
        (void)written;
        _exit(125);
    }
}
