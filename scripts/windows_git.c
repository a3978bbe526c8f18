/* git for programs of Windows under wine: hands what it is asked to the git of Linux. wine starts programs of Linux, but
   waits for none and gives them no pipes, so all goes by files in a folder beside it, which is the first argument. */
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>
#include <windows.h>

static wchar_t helper[MAX_PATH], folder[MAX_PATH], file[MAX_PATH + 8], line[32768];

static HANDLE opened(const wchar_t *name, DWORD access, DWORD how) {
  swprintf(file, MAX_PATH + 8, L"%ls\\%ls", folder, name);
  return CreateFileW(file, access, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, how, 0, NULL);
}

static void pass(HANDLE from, HANDLE to) {
  char some[65536];
  for (DWORD size, written; ReadFile(from, some, sizeof some, &size, NULL) && size;)
    if (!WriteFile(to, some, size, &written, NULL)) break;
}

static void told(const wchar_t *name, DWORD stream) {
  HANDLE from = opened(name, GENERIC_READ, OPEN_EXISTING);
  pass(from, GetStdHandle(stream));
  CloseHandle(from);
  DeleteFileW(file);
}

int wmain(void) {
  const wchar_t *rest = GetCommandLineW();
  for (int quoted = 0; *rest && (quoted || *rest != L' '); rest++) quoted ^= *rest == L'"';
  GetModuleFileNameW(NULL, helper, MAX_PATH);
  wchar_t *name = wcsrchr(helper, L'\\') + 1;
  swprintf(folder, MAX_PATH, L"%.*lsasked-%lu-%llu", (int)(name - helper), helper, GetCurrentProcessId(), GetTickCount64());
  wcscpy(name, L"git-of-linux");
  CreateDirectoryW(folder, NULL);
  HANDLE asked = opened(L"stdin", GENERIC_WRITE, CREATE_NEW);
  pass(GetStdHandle(STD_INPUT_HANDLE), asked);
  CloseHandle(asked);
  swprintf(line, 32768, L"\"%ls\" \"%ls\"%ls", helper, folder, rest);
  STARTUPINFOW how = {.cb = sizeof how};
  PROCESS_INFORMATION made;
  if (!CreateProcessW(helper, line, NULL, NULL, FALSE, 0, NULL, NULL, &how, &made)) return 126;
  HANDLE ended;
  while ((ended = opened(L"code", GENERIC_READ, OPEN_EXISTING)) == INVALID_HANDLE_VALUE) Sleep(2);
  char text[16] = {0};
  DWORD size;
  ReadFile(ended, text, 15, &size, NULL);
  CloseHandle(ended);
  DeleteFileW(file);
  told(L"stdout", STD_OUTPUT_HANDLE);
  told(L"stderr", STD_ERROR_HANDLE);
  swprintf(file, MAX_PATH + 8, L"%ls\\stdin", folder);
  DeleteFileW(file);
  RemoveDirectoryW(folder);
  return atoi(text);
}
