// Refuses to run with rights that the file gives and the caller has not; before the runtime starts, which obeys variables of
// the caller.
#include <linux/capability.h>
#include <stddef.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>

// Whether the file gave us rights that our caller has not: setuid, setgid, or file capabilities. AT_SECURE alone does not
// say so: a security module sets it too when it merely changes the domain.
static int has_rights_of_file(void)
{
    if (getuid() != geteuid() || getgid() != getegid())
    {
        return 1;
    }

    struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };
    return getauxval(AT_SECURE) && getuid() != 0 && syscall(SYS_capget, &header, data) == 0 && (data[0].permitted || data[1].permitted);
}

// Whoever may run it could have any program run with those rights, and signal and remove what is not theirs.
__attribute__((constructor(101))) static void refuse_rights_of_file(void)
{
    static const char message[] = "orchestrator-supervise: refused: its file is setuid, setgid, or has capabilities; take them off (chmod ug-s, setcap -r)\n";
    if (has_rights_of_file())
    {
        (void)!write(STDERR_FILENO, message, sizeof message - 1);
        _exit(125);
    }
}
