#define _POSIX_C_SOURCE 200809L

#include "proc.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    TEXT_SIZE = 4096, /* the longest command line that is shown */
    NAME_SIZE = 64,   /* the kernel keeps 16 bytes, and more of its own threads */
};

bool stat_parse(const char *text, struct process *process, char *name, size_t size)
{
    /* The name is in brackets and can itself contain some: the last one is the right one. */
    const char *open = strchr(text, '(');
    const char *close = strrchr(text, ')');
    if (!open || !close || close < open)
        return false;

    size_t length = (size_t)(close - open) - 1;
    if (length >= size)
        length = size - 1;
    memcpy(name, open + 1, length);
    name[length] = '\0';

    long pid, parent, group, session;
    char state;
    if (sscanf(text, "%ld (", &pid) != 1
        || sscanf(close + 1, " %c %ld %ld %ld", &state, &parent, &group, &session) != 4)
        return false;
    process->pid = (pid_t)pid;
    process->parent = (pid_t)parent;
    process->group = (pid_t)group;
    process->session = (pid_t)session;
    process->state = state;
    return true;
}

void cmdline_join(char *text, size_t length)
{
    while (length > 0 && text[length - 1] == '\0')
        length--;
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (byte == '\0')
            text[i] = ' ';
        else if (iscntrl(byte))
            text[i] = '?';
    }
    text[length] = '\0';
}

/* Reads at most SIZE - 1 bytes of a file and ends them with NUL. Returns how many, or -1. */
static ssize_t read_file(int directory, const char *path, char *text, size_t size)
{
    int file = openat(directory, path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return -1;
    size_t length = 0;
    ssize_t got = 0;
    while (length < size - 1) {
        got = read(file, text + length, size - 1 - length);
        if (got > 0)
            length += (size_t)got;
        else if (got == 0 || errno != EINTR)
            break;
    }
    close(file);
    text[length] = '\0';
    return got < 0 ? -1 : (ssize_t)length;
}

/* Returns 1 if there is such a process, 0 if it is gone by now, -1 if memory is short. */
static int read_process(int proc, const char *pid, struct process *process)
{
    char path[NAME_SIZE], text[TEXT_SIZE], name[NAME_SIZE];

    snprintf(path, sizeof path, "%s/stat", pid);
    if (read_file(proc, path, text, sizeof text) < 0)
        return 0;
    *process = (struct process){0};
    if (!stat_parse(text, process, name, sizeof name))
        return 0;

    snprintf(path, sizeof path, "%s/cmdline", pid);
    ssize_t length = read_file(proc, path, text, sizeof text);
    if (length <= 0)
        length = snprintf(text, sizeof text, "[%s]", name);
    cmdline_join(text, (size_t)length);
    process->command = strdup(text);
    return process->command ? 1 : -1;
}

static bool append(struct snapshot *snapshot, size_t *capacity, const struct process *process)
{
    if (snapshot->count == *capacity) {
        size_t larger = *capacity ? *capacity * 2 : 64;
        struct process *items = realloc(snapshot->items, larger * sizeof *items);
        if (!items)
            return false;
        snapshot->items = items;
        *capacity = larger;
    }
    snapshot->items[snapshot->count++] = *process;
    return true;
}

static int by_pid(const void *left, const void *right)
{
    pid_t a = ((const struct process *)left)->pid;
    pid_t b = ((const struct process *)right)->pid;
    return (a > b) - (a < b);
}

static int fail(struct snapshot *snapshot, DIR *directory, int error)
{
    closedir(directory);
    snapshot_free(snapshot);
    errno = error;
    return -1;
}

int snapshot_read(struct snapshot *snapshot, const char *root)
{
    *snapshot = (struct snapshot){0};
    DIR *directory = opendir(root);
    if (!directory)
        return -1;

    size_t capacity = 0;
    for (;;) {
        errno = 0;
        struct dirent *entry = readdir(directory);
        if (!entry)
            break;
        if (!isdigit((unsigned char)entry->d_name[0]))
            continue;
        struct process process;
        int found = read_process(dirfd(directory), entry->d_name, &process);
        if (found < 0)
            return fail(snapshot, directory, ENOMEM);
        if (found > 0 && !append(snapshot, &capacity, &process)) {
            free(process.command);
            return fail(snapshot, directory, ENOMEM);
        }
    }
    if (errno)
        return fail(snapshot, directory, errno);
    closedir(directory);

    if (snapshot->count > 1)
        qsort(snapshot->items, snapshot->count, sizeof *snapshot->items, by_pid);
    return 0;
}

void snapshot_free(struct snapshot *snapshot)
{
    for (size_t i = 0; i < snapshot->count; i++)
        free(snapshot->items[i].command);
    free(snapshot->items);
    *snapshot = (struct snapshot){0};
}

struct process *snapshot_find(const struct snapshot *snapshot, pid_t pid)
{
    struct process key = {.pid = pid};
    if (snapshot->count == 0)
        return NULL;
    return bsearch(&key, snapshot->items, snapshot->count, sizeof key, by_pid);
}
