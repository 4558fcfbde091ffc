/* Reads a playbook's folder: the one part of the loader that meets the disk. */
#include "replyd/playbook.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEPTH_MAX 8
#define FILES_MAX 100000
#define FILE_SIZE_MAX (4 * 1024 * 1024)

struct found {
    struct playbook_file file;
    struct found *next;
};

struct search {
    struct arena *arena;
    struct found *first;
    int count;
};

static int read_file(struct search *search, int at, const char *name, const char *path)
{
    int fd = openat(at, name, O_RDONLY | O_CLOEXEC);
    struct found *found;
    struct stat info;
    size_t len = 0;
    char *data;

    if (fd < 0)
        return -1;
    if (fstat(fd, &info) < 0 || info.st_size > FILE_SIZE_MAX || search->count == FILES_MAX) {
        close(fd);
        errno = EFBIG;
        return -1;
    }
    data = arena_alloc(search->arena, (size_t)info.st_size + 1);
    while (len < (size_t)info.st_size) {
        ssize_t got = read(fd, data + len, (size_t)info.st_size - len);

        if (got < 0) {
            close(fd);
            return -1;
        }
        if (got == 0)
            break;
        len += (size_t)got;
    }
    close(fd);
    data[len] = '\0';
    found = arena_alloc(search->arena, sizeof(*found));
    *found = (struct found){.file = {.path = path, .data = data, .len = len}, .next = search->first};
    search->first = found;
    search->count++;
    return 0;
}

/* What the program needs of a playbook, as tools/embed.py has it. */
static bool is_wanted(const char *path)
{
    static const char *const left_out[] = {"intents", "concepts", "mood",   "tracking",
                                           "words",   "world",    "schema", "meson.build"};

    for (size_t i = 0; i < sizeof(left_out) / sizeof(*left_out); i++) {
        if (strcmp(path, left_out[i]) == 0)
            return false;
    }
    return true;
}

/* Takes the folder's descriptor over. */
static int read_folder(struct search *search, int fd, const char *path, int depth)
{
    DIR *dir = fdopendir(fd);
    struct dirent *entry;
    int result = 0;

    if (!dir) {
        close(fd);
        return -1;
    }
    while (result == 0 && (entry = readdir(dir))) {
        const char *inner = *path ? arena_printf(search->arena, "%s/%s", path, entry->d_name)
                                  : arena_strdup(search->arena, entry->d_name);
        struct stat info;

        if (entry->d_name[0] == '.' || !is_wanted(inner))
            continue;
        if (fstatat(dirfd(dir), entry->d_name, &info, 0) < 0) {
            result = -1;
        } else if (S_ISREG(info.st_mode)) {
            result = read_file(search, dirfd(dir), entry->d_name, inner);
        } else if (S_ISDIR(info.st_mode) && depth < DEPTH_MAX) {
            int folder = openat(dirfd(dir), entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

            result = folder < 0 ? -1 : read_folder(search, folder, inner, depth + 1);
        }
    }
    closedir(dir);
    return result;
}

int playbook_read_dir(const char *dir, struct arena *arena, const struct playbook_file **ret_files)
{
    struct search search = {.arena = arena};
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct playbook_file *files;
    int i = 0;

    if (fd < 0 || read_folder(&search, fd, "", 0) < 0)
        return -1;
    files = arena_zalloc(arena, (search.count + 1) * sizeof(*files));
    for (const struct found *found = search.first; found; found = found->next)
        files[i++] = found->file;
    *ret_files = files;
    return 0;
}
