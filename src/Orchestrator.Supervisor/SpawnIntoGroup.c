// posix_spawn(3) into a control group, which that call cannot do: clone3(2), CLONE_INTO_CGROUP. To move in, spawn and move
// out again takes the kernel's lock for moving processes twice, for which it waits up to 20 ms.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_clone3
#define SYS_clone3 435
#endif

// Of linux/sched.h, where that may be older than Linux 5.7.
#define SHARE_MEMORY 0x00000100u         // CLONE_VM
#define WAIT_FOR_EXEC 0x00004000u        // CLONE_VFORK
#define INTO_CGROUP UINT64_C(0x200000000) // CLONE_INTO_CGROUP

struct clone_arguments
{
    uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup;
};

struct command
{
    char **argv;
    char **envp;
    const char *directory; // null for ours
    const int *streams;    // three; -1 for ours
    int null_input;
    int keep_ignored;
    int error;
};

static char stack[65536] __attribute__((aligned(16))); // one command is started at a time

// Searched in PATH if its name has no slash, as posix_spawnp(3) does.
static int execute(char **argv, char **envp)
{
    if (strchr(argv[0], '/'))
    {
        execve(argv[0], argv, envp);
        return errno;
    }

    const char *path = getenv("PATH");
    int denied = 0;
    for (const char *next = path ? path : "/bin:/usr/bin"; next;)
    {
        const char *end = strchrnul(next, ':');
        char file[PATH_MAX];
        int length = snprintf(file, sizeof file, "%.*s%s%s", (int)(end - next), next, end > next ? "/" : "", argv[0]);
        next = *end ? end + 1 : NULL;
        if (length >= (int)sizeof file)
        {
            continue;
        }

        execve(file, argv, envp);
        switch (errno)
        {
            case EACCES:
                denied = 1;
                break;
            case ENOENT:
            case ESTALE:
            case ENOTDIR:
            case ENODEV:
            case ETIMEDOUT:
                break;
            default:
                return errno;
        }
    }

    return denied ? EACCES : ENOENT;
}

// In the child, which has our memory until it is another program.
static int prepare(const struct command *command)
{
    for (int number = 1; number < NSIG; number++)
    {
        if (number != command->keep_ignored)
        {
            signal(number, SIG_DFL); // fails for SIGKILL, SIGSTOP and those of libc, which have it
        }
    }

    if (setpgid(0, 0) != 0)
    {
        return errno;
    }

    if (command->null_input)
    {
        close(0);
        if (open("/dev/null", O_RDONLY) != 0)
        {
            return errno;
        }
    }

    for (int number = 0; number < 3; number++)
    {
        if (command->streams[number] >= 0 && dup2(command->streams[number], number) < 0)
        {
            return errno;
        }
    }

    if (command->directory && chdir(command->directory) != 0)
    {
        return errno;
    }

    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    return 0;
}

__attribute__((noreturn)) static void start(void *argument)
{
    struct command *command = argument;
    command->error = prepare(command);
    if (command->error == 0)
    {
        command->error = execute(command->argv, command->envp);
    }

    _exit(127);
}

// The child begins on a stack of its own, so that it cannot overwrite what we return to.
static long clone_to(struct clone_arguments *arguments, void (*function)(void *), void *argument)
{
#if defined(__x86_64__)
    long result;
    register void (*code)(void *) __asm__("r8") = function;
    register void *data __asm__("r9") = argument;
    __asm__ volatile(
        "syscall\n\t"
        "test %%rax, %%rax\n\t"
        "jnz 1f\n\t"
        "xor %%ebp, %%ebp\n\t"
        "mov %%r9, %%rdi\n\t"
        "call *%%r8\n\t"
        "ud2\n"
        "1:"
        : "=a"(result)
        : "a"((long)SYS_clone3), "D"(arguments), "S"(sizeof *arguments), "r"(code), "r"(data)
        : "rcx", "r11", "cc", "memory");
    return result;
#elif defined(__aarch64__)
    register long call __asm__("x8") = SYS_clone3;
    register long result __asm__("x0") = (long)arguments;
    register size_t size __asm__("x1") = sizeof *arguments;
    register void (*code)(void *) __asm__("x2") = function;
    register void *data __asm__("x3") = argument;
    __asm__ volatile(
        "svc #0\n\t"
        "cbnz x0, 1f\n\t"
        "mov x29, #0\n\t"
        "mov x0, x3\n\t"
        "blr x2\n\t"
        "brk #1\n"
        "1:"
        : "+r"(result)
        : "r"(call), "r"(size), "r"(code), "r"(data)
        : "cc", "memory");
    return result;
#else
    (void)arguments;
    (void)function;
    (void)argument;
    return -ENOSYS;
#endif
}

// Returns the child's PID; 0 if it could not be made this way, where another may do; else the error of the start, negative.
int orchestrator_spawn(int group, char **argv, char **envp, const char *directory, const int *streams, int null_input, int keep_ignored)
{
    struct command command = { argv, envp, directory, streams, null_input, keep_ignored, 0 };
    struct clone_arguments arguments = {
        .flags = SHARE_MEMORY | WAIT_FOR_EXEC | INTO_CGROUP,
        .exit_signal = SIGCHLD,
        .stack = (uint64_t)(uintptr_t)stack,
        .stack_size = sizeof stack,
        .cgroup = (uint64_t)group,
    };

    // No handler of ours may run in the child.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    long pid = clone_to(&arguments, start, &command);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (pid <= 0)
    {
        return 0;
    }

    if (command.error != 0)
    {
        // Nobody else knows of it.
        while (syscall(SYS_wait4, (int)pid, NULL, 0, NULL) < 0 && errno == EINTR)
        {
        }

        return -command.error;
    }

    return (int)pid;
}
