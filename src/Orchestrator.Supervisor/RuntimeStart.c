// Keeps the runtime from what it does at its start for larger programs than ours, and what takes longer than our own work.
#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>

FILE *__real_fopen64(const char *path, const char *mode);
FILE *__wrap_fopen64(const char *path, const char *mode);

// It reads all mounts, twice, and then files of its control group, to learn how much memory and how many processors it may
// use. Our heap has a limit of its own and is collected by one thread, so that it is told of no mounts. The linker puts
// this in the place of fopen64 (--wrap); C# opens files by other calls.
FILE *__wrap_fopen64(const char *path, const char *mode)
{
    if (strcmp(path, "/proc/self/mountinfo") == 0)
    {
        errno = ENOENT;
        return NULL;
    }

    return __real_fopen64(path, mode);
}

// A second thread would get an arena of its own from malloc(3), whose reservation holds up the first one.
__attribute__((constructor)) static void use_one_arena(void)
{
    mallopt(M_ARENA_MAX, 1);
}
