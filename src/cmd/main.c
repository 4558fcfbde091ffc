#include "replyd/cmd.h"

#include <stdio.h>
#include <string.h>

static const struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *help;
} commands[] = {
    {"serve", cmd_serve, "serve the API"},
    {"migrate", cmd_migrate, "bring the database's schema up to date"},
    {"shop", cmd_shop, "create and list shops"},
    {"key", cmd_key, "create, list and revoke keys"},
    {"suggest", cmd_suggest, "answer one request from standard input"},
    {"classify", cmd_classify, "tell the intent of each line of standard input"},
    {"eval", cmd_eval, "measure the intents on labelled lines"},
    {"check", cmd_check, "check a playbook"},
};
#define COMMAND_COUNT (sizeof commands / sizeof *commands)

static void help(FILE *out)
{
    fprintf(out,
            "replyd %s: suggests replies to the buyers of a shop\n\nusage: replyd COMMAND [--help] ...\n\n",
            REPLYD_VERSION);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        fprintf(out, "  %-9s %s\n", commands[i].name, commands[i].help);
}

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "";
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(commands[i].name, name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    }
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
        help(stdout);
        return 0;
    }
    if (strcmp(name, "--version") == 0) {
        puts(REPLYD_VERSION);
        return 0;
    }
    if (*name)
        fprintf(stderr, "replyd: there is no command \"%s\"\n\n", name);
    help(stderr);
    return 2;
}
