/* router.h - finds the route of a method and a path. */
#ifndef REPLYD_ROUTER_H
#define REPLYD_ROUTER_H

#include "replyd/http.h"

/* All routes of the service, ended by a NULL method (src/api/routes.c). */
extern const struct route routes[];

/* Finds the route and decodes the path's parameters into the request. Returns 0, 404, 405 (then `ret_allow`
 * holds the methods there are) or 400 (a bad percent escape, NUL or invalid UTF-8). HEAD is GET. */
int router_match(struct http_request *request, const struct route **ret_route, char ret_allow[static 64]);

#endif
