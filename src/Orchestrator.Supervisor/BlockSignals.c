// Blocks the signals that the supervisor takes through signalfd(2) before the runtime starts its threads, which inherit
// the mask: a thread that did not block one could be given it, and the descriptor would never tell.
#include <signal.h>
#include <stddef.h>

__attribute__((constructor)) static void block_signals(void)
{
    static const int taken[] = {
        SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGTERM, SIGSTKFLT, SIGCHLD, SIGXCPU, SIGVTALRM, SIGPROF, SIGIO, SIGPWR
    };
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
    {
        sigaddset(&set, taken[i]);
    }

    sigprocmask(SIG_BLOCK, &set, NULL);
}
