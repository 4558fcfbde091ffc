#include "replyd/cmd.h"
#include "replyd/understand.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
    "usage: replyd classify < MESSAGES\n\n"
    "Reads a message a line and writes, a line each: intent TAB confidence TAB language.\n";

int cmd_classify(int argc, char **argv)
{
    if (argc > 1) {
        bool asked = strcmp(argv[1], "--help") == 0;
        fputs(help, asked ? stdout : stderr);
        return asked ? 0 : 2;
    }
    struct understand_scratch *scratch = understand_scratch_new();
    struct arena arena = {0};
    char *line = NULL;
    size_t cap = 0;
    for (ssize_t len; (len = getline(&line, &cap, stdin)) >= 0;) {
        while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == '\r'))
            len--;
        struct understanding found;
        understand_intent(scratch, line, (size_t)len, &arena, &found);
        printf("%s\t%.3f\t%s\n", words_intent[found.intent], found.confidence, found.language);
        arena_reset(&arena);
    }
    free(line);
    arena_free(&arena);
    understand_scratch_free(scratch);
    return fflush(stdout) == 0 && !ferror(stdin) ? 0 : 1;
}
