/* pgtree - show process trees with their process groups and sessions. */

#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proc.h"
#include "tree.h"

#ifndef VERSION
#error "compile with -DVERSION='\"x.y.z\"'"
#endif

enum { FOUND = 0, NOTHING = 1, FAILED = 2 };

static const char usage[] =
    "Usage: pgtree [-qz] [-r DIR] [-d PID | -g PGID | -s SID]\n"
    "Show process trees with their process groups and sessions.\n"
    "\n"
    "  -d PID   only PID and its descendants, also those that left its group\n"
    "  -g PGID  only the processes of one process group\n"
    "  -s SID   only the processes of one session\n"
    "  -q       print nothing, only set the exit status\n"
    "  -z       zombies, too\n"
    "  -r DIR   read DIR instead of /proc\n"
    "  -h       print this help\n"
    "  -V       print the version\n"
    "\n"
    "Exit status: 0 if there is such a process, 1 if there is none, 2 on an error.\n";

static bool parse_id(const char *text, pid_t *id)
{
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno || end == text || *end || value <= 0 || (pid_t)value != value)
        return false;
    *id = (pid_t)value;
    return true;
}

/* Whatever was printed must have arrived: a full disk is an error, too. */
static int finish(int status)
{
    if (fflush(stdout) || ferror(stdout)) {
        fprintf(stderr, "pgtree: cannot write: %s\n", strerror(errno));
        return FAILED;
    }
    return status;
}

static int show(const char *root, const struct selection *selection, bool quiet)
{
    struct snapshot snapshot;
    if (snapshot_read(&snapshot, root)) {
        fprintf(stderr, "pgtree: %s: %s\n", root, strerror(errno));
        return FAILED;
    }
    size_t selected = tree_select(&snapshot, selection);
    if (selected && !quiet)
        tree_print(stdout, &snapshot);
    snapshot_free(&snapshot);
    return finish(selected ? FOUND : NOTHING);
}

static int misuse(void)
{
    fputs("Try 'pgtree -h'.\n", stderr);
    return FAILED;
}

int main(int argc, char **argv)
{
    struct selection selection = {.kind = ALL};
    const char *root = "/proc";
    bool quiet = false;

    for (int option; (option = getopt(argc, argv, "d:g:s:qzr:hV")) != -1;) {
        switch (option) {
        case 'd':
        case 'g':
        case 's':
            if (selection.kind != ALL) {
                fputs("pgtree: only one of -d, -g and -s can be given\n", stderr);
                return misuse();
            }
            selection.kind = option == 'd' ? DESCENDANTS : option == 'g' ? GROUP : SESSION;
            if (!parse_id(optarg, &selection.id)) {
                fprintf(stderr, "pgtree: not a process number: '%s'\n", optarg);
                return misuse();
            }
            break;
        case 'q':
            quiet = true;
            break;
        case 'z':
            selection.zombies = true;
            break;
        case 'r':
            root = optarg;
            break;
        case 'h':
            fputs(usage, stdout);
            return finish(0);
        case 'V':
            puts("pgtree " VERSION);
            return finish(0);
        default:
            return misuse();
        }
    }
    if (optind < argc) {
        fprintf(stderr, "pgtree: unexpected argument '%s'\n", argv[optind]);
        return misuse();
    }
    return show(root, &selection, quiet);
}
