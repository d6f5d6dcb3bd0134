// A tree of processes for Windows, in every shape that is hard to end, and a few commands that print what tests look for.
// Each test runs a copy under a name of its own, by which the processes of that test can be counted in a snapshot.
//   x86_64-w64-mingw32-gcc -O1 -municode -o tree.exe tree.c -lshell32
#ifndef UNICODE
#define UNICODE
#endif
#define _WIN32_WINNT 0x0A00
#include <windows.h>
#include <shellapi.h>
#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

static wchar_t self[MAX_PATH];
static HANDLE alive; // counts those that run
static const wchar_t *farewell; // file that is written before a polite end

static int start(const wchar_t *verb, DWORD flags)
{
    wchar_t line[2 * MAX_PATH];
    STARTUPINFOW startup = { .cb = sizeof startup };
    PROCESS_INFORMATION process;
    swprintf(line, 2 * MAX_PATH, L"\"%ls\" %ls", self, verb);
    if (!CreateProcessW(self, line, NULL, NULL, TRUE, flags, NULL, NULL, &startup, &process))
        return GetLastError();
    CloseHandle(process.hThread);
    CloseHandle(process.hProcess);
    return 0;
}

static int start_or_die(const wchar_t *verb, DWORD flags)
{
    int error = start(verb, flags);
    if (error)
    {
        fprintf(stderr, "cannot start %ls: error %d\n", verb, error);
        exit(99);
    }
    return 0;
}

static void rest(void)
{
    ReleaseSemaphore(alive, 1, NULL);
    Sleep(INFINITE);
}

// Says READY when as many others run.
static void ready(int others)
{
    for (int i = 0; i < others; i++)
        if (WaitForSingleObject(alive, 120000) != WAIT_OBJECT_0)
            exit(98);
    printf("READY\n");
    fflush(stdout);
}

static BOOL WINAPI deaf(DWORD event)
{
    (void)event;
    return TRUE;
}

static void say_farewell(void)
{
    FILE *file = _wfopen(farewell, L"w");
    if (file)
    {
        fputs("farewell", file);
        fclose(file);
    }
}

static BOOL WINAPI polite(DWORD event)
{
    (void)event;
    say_farewell();
    ExitProcess(7);
}

static LRESULT CALLBACK on_message(HWND window, UINT message, WPARAM first, LPARAM second)
{
    if (message == WM_CLOSE)
    {
        if (farewell)
        {
            say_farewell();
            ExitProcess(7);
        }
        return 0; // deaf
    }
    return DefWindowProcW(window, message, first, second);
}

// A window that is never shown; WM_CLOSE ends the program, or nothing does.
static int with_window(void)
{
    WNDCLASSW class = { .lpfnWndProc = on_message, .hInstance = GetModuleHandleW(NULL), .lpszClassName = L"orchestrator-test" };
    MSG message;
    RegisterClassW(&class);
    if (!CreateWindowW(class.lpszClassName, L"", WS_OVERLAPPEDWINDOW, 0, 0, 9, 9, NULL, NULL, class.hInstance, NULL))
    {
        printf("NO WINDOW %ld\n", GetLastError());
        return 97;
    }
    ready(0);
    while (GetMessageW(&message, NULL, 0, 0) > 0)
        DispatchMessageW(&message);
    return 96;
}

static int chain(int length)
{
    wchar_t verb[32];
    swprintf(verb, 32, L"chain %d", length - 1);
    if (length > 1)
        start_or_die(verb, 0);
    rest();
    return 0;
}

// Each process starts the next one and ends: none is there long enough to be ended by its number.
static int storm(void)
{
    Sleep(1);
    ReleaseSemaphore(alive, 1, NULL);
    return start(L"storm", 0);
}

static int nested_job(void)
{
    HANDLE job = CreateJobObjectW(NULL, NULL);
    STARTUPINFOW startup = { .cb = sizeof startup };
    PROCESS_INFORMATION process;
    wchar_t line[2 * MAX_PATH];
    swprintf(line, 2 * MAX_PATH, L"\"%ls\" sleep", self);
    if (!CreateProcessW(self, line, NULL, NULL, TRUE, CREATE_SUSPENDED, NULL, NULL, &startup, &process)
        || !AssignProcessToJobObject(job, process.hProcess))
    {
        fprintf(stderr, "cannot nest a job: error %ld\n", GetLastError());
        return 95;
    }
    ResumeThread(process.hThread);
    ready(1);
    Sleep(INFINITE);
    return 0;
}

static int script(const wchar_t *name)
{
    SetConsoleCtrlHandler(NULL, FALSE);
    if (!wcscmp(name, L"plain"))
    {
        start_or_die(L"sleep", 0);
        start_or_die(L"parent", 0);
        ready(4);
        rest();
    }
    if (!wcscmp(name, L"orphan")) // the one between ends at once
    {
        start_or_die(L"middle", 0);
        ready(2);
        rest();
    }
    if (!wcscmp(name, L"deaf"))
    {
        start_or_die(L"deaf", 0);
        ready(1);
        SetConsoleCtrlHandler(deaf, TRUE);
        rest();
    }
    if (!wcscmp(name, L"detached")) { start_or_die(L"sleep", DETACHED_PROCESS); ready(1); rest(); }
    if (!wcscmp(name, L"group")) { start_or_die(L"parent", CREATE_NEW_PROCESS_GROUP); ready(3); rest(); }
    if (!wcscmp(name, L"console")) { start_or_die(L"parent", CREATE_NEW_CONSOLE); ready(3); rest(); }
    if (!wcscmp(name, L"suspended")) { start_or_die(L"sleep", CREATE_SUSPENDED); ready(0); rest(); }
    if (!wcscmp(name, L"breakaway"))
    {
        int error = start(L"sleep", CREATE_BREAKAWAY_FROM_JOB);
        printf("breakaway: error %d\n", error);
        start_or_die(L"sleep", CREATE_NEW_PROCESS_GROUP);
        ready(error ? 1 : 2);
        rest();
    }
    if (!wcscmp(name, L"job")) return nested_job();
    if (!wcscmp(name, L"chain")) { start_or_die(L"chain 50", 0); ready(50); rest(); }
    if (!wcscmp(name, L"siblings"))
    {
        for (int i = 0; i < 200; i++)
            start_or_die(L"sleep", 0);
        ready(200);
        rest();
    }
    if (!wcscmp(name, L"storm")) { start_or_die(L"storm", 0); start_or_die(L"storm", 0); ready(20); rest(); }
    if (!wcscmp(name, L"window")) return with_window();
    fprintf(stderr, "no script %ls\n", name);
    return 94;
}

static void print_utf8(const wchar_t *text)
{
    int size = WideCharToMultiByte(CP_UTF8, 0, text, -1, NULL, 0, NULL, NULL);
    char *bytes = malloc(size);
    WideCharToMultiByte(CP_UTF8, 0, text, -1, bytes, size, NULL, NULL);
    fwrite(bytes, 1, size - 1, stdout);
    free(bytes);
}

static void print_code_units(wchar_t **list, int count)
{
    for (int i = 1; i < count; i++)
    {
        for (const wchar_t *unit = list[i]; *unit; unit++)
            printf("%04x", *unit);
        printf("\n");
    }
}

static int arguments(int count, wchar_t **list)
{
    int other;
    wchar_t **cut = CommandLineToArgvW(GetCommandLineW(), &other);
    print_code_units(list + 1, count - 1);
    printf("--\n");
    print_code_units(cut + 1, other - 1);
    return 0;
}

static int show(int count, wchar_t **list)
{
    static wchar_t text[32768];
    GetCurrentDirectoryW(32768, text);
    print_utf8(text);
    printf("\n<");
    if (GetEnvironmentVariableW(L"VAR", text, 32768)) print_utf8(text);
    printf("><");
    if (GetEnvironmentVariableW(L"GONE", text, 32768)) print_utf8(text);
    printf(">");
    for (int i = 2; i < count; i++)
    {
        printf("<");
        print_utf8(list[i]);
        printf(">");
    }
    return 0;
}

static int copy(const wchar_t *path)
{
    static char buffer[65536];
    FILE *file = path ? _wfopen(path, L"rb") : stdin;
    size_t size;
    if (!file)
        return 93;
    while ((size = fread(buffer, 1, sizeof buffer, file)) > 0)
        fwrite(buffer, 1, size, stdout);
    return 0;
}

static int odd_lines(void)
{
    for (int i = 0; i < 1000000; i++)
        putchar('x');
    printf("\na\xff" "b\ndos\r\n\nend");
    return 0;
}

static int streams(void)
{
    for (int i = 1; i <= 3; i++)
    {
        printf("out %d\n", i);
        fflush(stdout);
        fprintf(stderr, "err %d\n", i);
        fflush(stderr);
    }
    return 7;
}

// Uses as much time of a processor, in ms, and as much memory, in MB.
static int burn(int milliseconds, int megabytes)
{
    FILETIME creation, ended, kernel, user;
    char *memory = malloc((size_t)megabytes << 20);
    memset(memory, 1, (size_t)megabytes << 20);
    do
        GetProcessTimes(GetCurrentProcess(), &creation, &ended, &kernel, &user);
    while (user.dwLowDateTime + kernel.dwLowDateTime < (DWORD)milliseconds * 10000);
    return memory[0] - 1;
}

static int wait_for(const wchar_t *path)
{
    printf("first\n");
    fflush(stdout);
    while (GetFileAttributesW(path) == INVALID_FILE_ATTRIBUTES)
        Sleep(5); // a file cannot be waited for without more ado
    printf("second\n");
    return 0;
}

// Leaves processes behind, of which one holds the pipe.
static int leave(int count, int status)
{
    for (int i = 0; i < count; i++)
        start_or_die(L"sleep", i % 2 ? CREATE_NEW_PROCESS_GROUP : 0);
    for (int i = 0; i < count; i++)
        WaitForSingleObject(alive, 120000);
    return status;
}

// Leaves one of its own and one of another program behind.
static int leave_with(const wchar_t *other)
{
    wchar_t line[2 * MAX_PATH];
    STARTUPINFOW startup = { .cb = sizeof startup };
    PROCESS_INFORMATION process;
    swprintf(line, 2 * MAX_PATH, L"\"%ls\" sleep", other);
    start_or_die(L"sleep", 0);
    return CreateProcessW(other, line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &process) && WaitForSingleObject(alive, 120000) == WAIT_OBJECT_0 ? 0 : 91;
}

static int standard_handles_only(void)
{
    // Every handle that is open when the first line runs and is a file or a pipe: there must be the three standard ones.
    int files = 0;
    for (ULONG_PTR value = 4; value < 0x1000; value += 4)
    {
        DWORD flags;
        HANDLE handle = (HANDLE)value;
        if (GetHandleInformation(handle, &flags) && (flags & HANDLE_FLAG_INHERIT) && GetFileType(handle) != FILE_TYPE_UNKNOWN)
            files++;
    }
    printf("%d\n", files);
    return 0;
}

// As `dotnet run`: starts a program and waits for its end. With `reap`, as the .NET SDK does it, in a job that the kernel ends
// together with us.
static int run(int count, wchar_t **list)
{
    wchar_t line[8 * MAX_PATH] = L"";
    STARTUPINFOW startup = { .cb = sizeof startup };
    PROCESS_INFORMATION process;
    DWORD status;
    int first = wcscmp(list[2], L"reap") ? 2 : 3;
    for (int i = first; i < count; i++)
        swprintf(line + wcslen(line), 8 * MAX_PATH - wcslen(line), L"\"%ls\" ", list[i]);
    if (!CreateProcessW(list[first], line, NULL, NULL, TRUE, CREATE_SUSPENDED, NULL, NULL, &startup, &process))
        return 90;
    if (first == 3)
    {
        JOBOBJECT_EXTENDED_LIMIT_INFORMATION limit = { .BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE };
        HANDLE job = CreateJobObjectW(NULL, NULL);
        SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limit, sizeof limit);
        AssignProcessToJobObject(job, process.hProcess);
    }
    ResumeThread(process.hThread);
    WaitForSingleObject(process.hProcess, INFINITE);
    GetExitCodeProcess(process.hProcess, &status);
    return status;
}

int wmain(int count, wchar_t **list)
{
    wchar_t name[MAX_PATH], *slash;
    const wchar_t *verb = count > 1 ? list[1] : L"";
    _setmode(_fileno(stdout), _O_BINARY);
    _setmode(_fileno(stdin), _O_BINARY);
    if (!wcscmp(verb, L"run")) return run(count, list);
    if (!wcscmp(verb, L"handles")) return standard_handles_only();
    GetModuleFileNameW(NULL, self, MAX_PATH);
    slash = wcsrchr(self, L'\\');
    swprintf(name, MAX_PATH, L"Local\\orchestrator-%ls", slash ? slash + 1 : self);
    alive = CreateSemaphoreW(NULL, 0, 1000000, name);
    if (!wcscmp(verb, L"sleep")) rest();
    if (!wcscmp(verb, L"parent")) { start_or_die(L"sleep", 0); start_or_die(L"sleep", 0); rest(); }
    if (!wcscmp(verb, L"middle")) { start_or_die(L"sleep", 0); start_or_die(L"sleep", DETACHED_PROCESS); return 0; }
    if (!wcscmp(verb, L"deaf")) { SetConsoleCtrlHandler(deaf, TRUE); rest(); }
    if (!wcscmp(verb, L"storm")) return storm();
    if (!wcscmp(verb, L"chain")) return chain(_wtoi(list[2]));
    if (!wcscmp(verb, L"script")) return script(list[2]);
    if (!wcscmp(verb, L"polite-window")) { farewell = list[2]; return with_window(); }
    if (!wcscmp(verb, L"polite")) { farewell = list[2]; SetConsoleCtrlHandler(polite, TRUE); ready(0); Sleep(INFINITE); }
    if (!wcscmp(verb, L"arguments")) return arguments(count, list);
    if (!wcscmp(verb, L"show")) return show(count, list);
    if (!wcscmp(verb, L"copy")) return copy(count > 2 ? list[2] : NULL);
    if (!wcscmp(verb, L"lines")) { for (int i = 1; i <= _wtoi(list[2]); i++) printf("%d\n", i); return 0; }
    if (!wcscmp(verb, L"odd-lines")) return odd_lines();
    if (!wcscmp(verb, L"streams")) return streams();
    if (!wcscmp(verb, L"burn")) return burn(_wtoi(list[2]), _wtoi(list[3]));
    if (!wcscmp(verb, L"wait-for")) return wait_for(list[2]);
    if (!wcscmp(verb, L"leave")) return leave(_wtoi(list[2]), _wtoi(list[3]));
    if (!wcscmp(verb, L"leave-with")) return leave_with(list[2]);
    if (!wcscmp(verb, L"exit")) return (int)wcstoul(list[2], NULL, 0);
    if (!wcscmp(verb, L"lines-and-leave")) { for (int i = 1; i <= 5000; i++) printf("%d\n", i); leave(1, 0); printf("end\n"); return 3; }
    fprintf(stderr, "no verb %ls\n", verb);
    return 92;
}
