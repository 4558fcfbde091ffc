/* cmd.h - the commands of the program; main.c holds the table. Each is `main` for its own words (argv[0] is
 * the command's name) and returns the exit status: 0 done, 1 failed, 2 wrong usage. */
#ifndef REPLYD_CMD_H
#define REPLYD_CMD_H

#include "replyd/playbook.h"

int cmd_serve(int argc, char **argv);
int cmd_migrate(int argc, char **argv);
int cmd_shop(int argc, char **argv);
int cmd_key(int argc, char **argv);
int cmd_suggest(int argc, char **argv);
int cmd_eval(int argc, char **argv);
int cmd_classify(int argc, char **argv);
int cmd_check(int argc, char **argv);

/* Loads the playbook in `dir` (NULL: the one compiled in) for a command. 0; -1 with its faults on standard
 * error. */
int cmd_open_playbook(const char *dir, struct playbook **ret_playbook);

#endif
