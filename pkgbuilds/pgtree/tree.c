#define _POSIX_C_SOURCE 200809L

#include "tree.h"

static bool descends(const struct snapshot *snapshot, const struct process *process, pid_t ancestor)
{
    /*
     * A snapshot is not taken in one moment: when a pid was reused meanwhile, parents can form a
     * ring. No line of ancestors is longer than there are processes.
     */
    for (size_t steps = 0; process && steps <= snapshot->count; steps++) {
        if (process->pid == ancestor)
            return true;
        process = snapshot_find(snapshot, process->parent);
    }
    return false;
}

static bool meant(const struct snapshot *snapshot, const struct process *process,
                  const struct selection *selection)
{
    if (process->state == 'Z' && !selection->zombies)
        return false;
    switch (selection->kind) {
    case GROUP:
        return process->group == selection->id;
    case SESSION:
        return process->session == selection->id;
    case DESCENDANTS:
        return descends(snapshot, process, selection->id);
    case ALL:
        break;
    }
    return true;
}

size_t tree_select(struct snapshot *snapshot, const struct selection *selection)
{
    size_t selected = 0;
    for (size_t i = 0; i < snapshot->count; i++) {
        struct process *process = &snapshot->items[i];
        process->selected = meant(snapshot, process, selection);
        selected += process->selected;
    }
    return selected;
}

/* ROOT_GROUP is the group of the topmost process: who is in another is marked with a star. */
static void print(FILE *out, struct snapshot *snapshot, struct process *process, int depth,
                  pid_t root_group)
{
    process->printed = true;
    fprintf(out, "%7ld %7ld %7ld %c%c ", (long)process->pid, (long)process->group,
            (long)process->session, process->state, process->group == root_group ? ' ' : '*');
    fprintf(out, "%*s%s%s\n", depth > 1 ? (depth - 1) * 3 : 0, "", depth ? "`- " : "",
            process->command);
    for (size_t i = 0; i < snapshot->count; i++) {
        struct process *child = &snapshot->items[i];
        if (child->selected && !child->printed && child->parent == process->pid)
            print(out, snapshot, child, depth + 1, root_group);
    }
}

static bool is_root(const struct snapshot *snapshot, const struct process *process)
{
    const struct process *parent = snapshot_find(snapshot, process->parent);
    return !parent || !parent->selected;
}

void tree_print(FILE *out, struct snapshot *snapshot)
{
    fprintf(out, "%7s %7s %7s S  COMMAND\n", "PID", "PGID", "SID");
    /* The second round is for rings of parents, which have no root. */
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < snapshot->count; i++) {
            struct process *process = &snapshot->items[i];
            bool begins = round == 1 || is_root(snapshot, process);
            if (process->selected && !process->printed && begins)
                print(out, snapshot, process, 0, process->group);
        }
    }
}
