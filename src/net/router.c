#include "replyd/router.h"

#include <string.h>

/* Compares a path with a route's pattern, piece by piece; the pieces for {names} are left raw in `pieces`. */
static bool path_fits(const char *pattern, const char *path, const char *pieces[], size_t lens[],
                      int *ret_count)
{
    int count = 0;
    while (*pattern == '/' && *path == '/') {
        pattern++;
        path++;
        size_t want = strcspn(pattern, "/"), have = strcspn(path, "/");
        if (*pattern == '{') {
            if (have == 0 || count == HTTP_PARAMS_MAX)
                return false;
            pieces[count] = path;
            lens[count++] = have;
        } else if (want != have || memcmp(pattern, path, want) != 0) {
            return false;
        }
        pattern += want;
        path += have;
    }
    *ret_count = count;
    return *pattern == '\0' && *path == '\0';
}

int router_match(struct http_request *request, const struct route **ret_route, char ret_allow[static 64])
{
    const char *method = strcmp(request->method, "HEAD") == 0 ? "GET" : request->method;
    size_t allow_len = 0;
    bool literal =
        false; /* "/suggestions/batch" is no "/suggestions/{id}": it stands before it in the table */
    ret_allow[0] = '\0';
    for (const struct route *route = routes; route->method; route++) {
        const char *pieces[HTTP_PARAMS_MAX];
        size_t lens[HTTP_PARAMS_MAX];
        int count;
        if (!path_fits(route->path, request->path, pieces, lens, &count) || (literal && count > 0))
            continue;
        literal = count == 0;
        if (strcmp(route->method, method) != 0) {
            size_t len = strlen(route->method);
            if (allow_len + len + 3 < 64) {
                if (allow_len > 0)
                    allow_len = (size_t)(stpcpy(ret_allow + allow_len, ", ") - ret_allow);
                allow_len = (size_t)(stpcpy(ret_allow + allow_len, route->method) - ret_allow);
            }
            continue;
        }
        for (int i = 0; i < count; i++) {
            request->param[i] = http_decode(&request->arena, pieces[i], lens[i], false);
            if (!request->param[i])
                return 400;
        }
        *ret_route = route;
        return 0;
    }
    return allow_len > 0 ? 405 : 404;
}
