#ifndef PROC_H
#define PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* One process, as proc(5) shows it. */
struct process {
    pid_t pid;
    pid_t parent;
    pid_t group;
    pid_t session;
    char state;
    char *command; /* its arguments, or its name in brackets if it has none */
    bool selected;
    bool printed;
};

/* All processes at one moment, ordered by pid. */
struct snapshot {
    struct process *items;
    size_t count;
};

/* Reads ROOT, usually "/proc". Returns 0, or -1 with errno set. */
int snapshot_read(struct snapshot *snapshot, const char *root);

void snapshot_free(struct snapshot *snapshot);

/* The process of that pid, or NULL. */
struct process *snapshot_find(const struct snapshot *snapshot, pid_t pid);

/*
 * Reads the text of a stat file. NAME gets the name of the program, which may contain anything
 * but NUL, and has room for SIZE bytes. Returns false if the text is not of that form.
 */
bool stat_parse(const char *text, struct process *process, char *name, size_t size);

/* Joins NUL-terminated arguments with spaces and makes what cannot be printed a '?'. */
void cmdline_join(char *text, size_t length);

#endif
