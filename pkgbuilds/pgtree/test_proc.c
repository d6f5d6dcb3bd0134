/* Unit tests of what reads proc(5). Prints what failed; the exit status is 1 if anything did. */

#include <stdio.h>
#include <string.h>

#include "proc.h"

static int failures;

static void expect(bool holds, const char *what, int line)
{
    if (!holds) {
        fprintf(stderr, "test_proc.c:%d: failed: %s\n", line, what);
        failures++;
    }
}

#define EXPECT(condition) expect(condition, #condition, __LINE__)

static void a_plain_line_is_read(void)
{
    struct process process = {0};
    char name[16];
    EXPECT(stat_parse("42 (bash) S 7 42 40 34816 42 4194304\n", &process, name, sizeof name));
    EXPECT(process.pid == 42 && process.parent == 7);
    EXPECT(process.group == 42 && process.session == 40);
    EXPECT(process.state == 'S');
    EXPECT(strcmp(name, "bash") == 0);
}

static void a_name_may_contain_brackets_and_numbers(void)
{
    struct process process = {0};
    char name[16];
    EXPECT(stat_parse("42 (a) R 1 (2) Z 7 8 9 0\n", &process, name, sizeof name));
    EXPECT(strcmp(name, "a) R 1 (2") == 0);
    EXPECT(process.state == 'Z' && process.parent == 7 && process.session == 9);
}

static void a_long_name_is_cut(void)
{
    struct process process = {0};
    char name[4];
    EXPECT(stat_parse("1 (systemd) S 0 1 1 0\n", &process, name, sizeof name));
    EXPECT(strcmp(name, "sys") == 0);
}

static void other_text_is_refused(void)
{
    const char *const texts[] = {"", "42", "42 (bash", "42 bash) S 1 2 3", "x (a) S 1 2 3", "42 (a) S 1"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct process process = {0};
        char name[16];
        EXPECT(!stat_parse(texts[i], &process, name, sizeof name));
    }
}

static void arguments_are_joined_and_made_printable(void)
{
    char text[] = "cc\0-c\0a\033b\nc.c\0\0";
    cmdline_join(text, sizeof text - 1);
    EXPECT(strcmp(text, "cc -c a?b?c.c") == 0);

    char nothing[] = "\0\0";
    cmdline_join(nothing, 2);
    EXPECT(strcmp(nothing, "") == 0);
}

int main(void)
{
    a_plain_line_is_read();
    a_name_may_contain_brackets_and_numbers();
    a_long_name_is_cut();
    other_text_is_refused();
    arguments_are_joined_and_made_printable();
    return failures != 0;
}
