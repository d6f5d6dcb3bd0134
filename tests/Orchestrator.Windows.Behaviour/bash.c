// Stands in for the bash.exe of MSYS2 under wine: starts the bash of the Linux that wine runs on, in a view of the system
// where drives are /c and /z (bash-view.sh). As the runtime of MSYS2 does at the start of a program, it makes POSIX paths of
// PATH, HOME, TMPDIR, TMP and TEMP, and of the working directory; arguments and all other variables stay as they are.
//   x86_64-w64-mingw32-gcc -O1 -municode -o bash.exe bash.c -lws2_32
// wine gives a program of Linux neither our pipes nor a handle to wait for: both go through sockets.
#ifndef UNICODE
#define UNICODE
#endif
#include <winsock2.h>
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>
#include <wctype.h>

enum { control, output, error, streams };

static SOCKET sockets[streams];

static void fail(const char *what)
{
    fprintf(stderr, "bash.exe (stand-in): %s: error %lu\n", what, GetLastError());
    exit(125);
}

static void say(const char *text, int length)
{
    while (length > 0)
    {
        int sent = send(sockets[control], text, length, 0);
        if (sent <= 0)
            fail("send");
        text += sent;
        length -= sent;
    }
}

// Each word ends with a zero.
static void say_word(const wchar_t *word)
{
    int length = WideCharToMultiByte(CP_UTF8, 0, word, -1, NULL, 0, NULL, NULL);
    char *bytes = malloc(length);
    WideCharToMultiByte(CP_UTF8, 0, word, -1, bytes, length, NULL, NULL);
    say(bytes, length);
    free(bytes);
}

static void say_path(const wchar_t *path)
{
    wchar_t *copy = malloc((wcslen(path) + 3) * sizeof *copy);
    if (path[0] && path[1] == ':')
        swprintf(copy, wcslen(path) + 3, L"/%lc%ls", towlower(path[0]), path + 2);
    else
        wcscpy(copy, path);
    for (wchar_t *c = copy; *c; c++)
        if (*c == '\\')
            *c = '/';
    say_word(copy);
    free(copy);
}

static void say_path_variable(const wchar_t *name)
{
    wchar_t value[32768] = L"";
    GetEnvironmentVariableW(name, value, 32768);
    say_path(value);
}

static DWORD WINAPI pump(void *stream)
{
    char buffer[65536];
    int length;
    DWORD written;
    HANDLE target = GetStdHandle((size_t)stream == output ? STD_OUTPUT_HANDLE : STD_ERROR_HANDLE);
    while ((length = recv(sockets[(size_t)stream], buffer, sizeof buffer, 0)) > 0)
        for (int at = 0; at < length && WriteFile(target, buffer + at, length - at, &written, NULL); at += written)
            ;
    return 0;
}

// The launcher is beside us; its file name inside Linux is known to wine alone.
static char *unix_name(const wchar_t *path)
{
    char *(CDECL *convert)(const wchar_t *) = (void *)GetProcAddress(GetModuleHandleA("kernel32"), "wine_get_unix_file_name");
    char *name = convert ? convert(path) : NULL;
    if (!name)
        fail("wine_get_unix_file_name");
    return name;
}

int wmain(int argc, wchar_t **argv)
{
    WSADATA data;
    if (WSAStartup(MAKEWORD(2, 2), &data))
        fail("WSAStartup");
    SOCKET listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int size = sizeof address;
    if (bind(listener, (void *)&address, size) || listen(listener, streams) || getsockname(listener, (void *)&address, &size))
        fail("listen");

    wchar_t launcher[MAX_PATH];
    GetModuleFileNameW(NULL, launcher, MAX_PATH);
    wcscpy(wcsrchr(launcher, '\\') + 1, L"bash-view.sh");
    wchar_t line[4 * MAX_PATH];
    swprintf(line, 4 * MAX_PATH, L"bash \"%hs\" %d \"%hs\"", unix_name(launcher), ntohs(address.sin_port), unix_name(L"C:\\"));
    STARTUPINFOW startup = { .cb = sizeof startup };
    PROCESS_INFORMATION process;
    if (!CreateProcessW(L"Z:\\bin\\bash", line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process))
        fail("CreateProcess");
    for (int stream = 0; stream < streams; stream++)
        if ((sockets[stream] = accept(listener, NULL, NULL)) == INVALID_SOCKET)
            fail("accept");

    char count[16];
    say(count, sprintf(count, "%d\n", argc + 5));
    wchar_t directory[32768];
    GetCurrentDirectoryW(32768, directory);
    say_path(directory);
    // Who has no HOME has his profile for one.
    say_path_variable(GetEnvironmentVariableW(L"HOME", NULL, 0) ? L"HOME" : L"USERPROFILE");
    static const wchar_t *const variables[] = { L"TMPDIR", L"TMP", L"TEMP" };
    for (int i = 0; i < 3; i++)
        say_path_variable(variables[i]);

    // A list: each of its folders is a path of its own.
    wchar_t path[32768] = L"", list[65536] = L"";
    GetEnvironmentVariableW(L"PATH", path, 32768);
    for (wchar_t *rest = path, *folder; *rest;)
    {
        folder = rest;
        rest += wcscspn(rest, L";");
        if (*rest)
            *rest++ = 0;
        if (folder[0] && folder[1] == ':')
            swprintf(list + wcslen(list), 65536 - wcslen(list), L"/%lc%ls:", towlower(folder[0]), folder + 2);
    }
    say_path(list);
    for (int i = 1; i < argc; i++)
        say_word(argv[i]);

    HANDLE pumps[] = { CreateThread(NULL, 0, pump, (void *)output, 0, NULL), CreateThread(NULL, 0, pump, (void *)error, 0, NULL) };
    char status[16] = "";
    for (int at = 0, length; at < 15 && (length = recv(sockets[control], status + at, 15 - at, 0)) > 0; at += length)
        ;
    WaitForMultipleObjects(2, pumps, TRUE, INFINITE);
    return *status ? atoi(status) : 125;
}
