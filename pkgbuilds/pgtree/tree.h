#ifndef TREE_H
#define TREE_H

#include <stdio.h>

#include "proc.h"

enum kind { ALL, GROUP, SESSION, DESCENDANTS };

/* Which processes to show. */
struct selection {
    enum kind kind;
    pid_t id;     /* of the group, the session or the ancestor */
    bool zombies; /* processes that have ended and wait to be reaped, too */
};

/* Marks the processes that are meant. Returns how many. */
size_t tree_select(struct snapshot *snapshot, const struct selection *selection);

/* Prints the marked processes, each below its parent. */
void tree_print(FILE *out, struct snapshot *snapshot);

#endif
