#include "replyd/log.h"

#include "replyd/moment.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static enum log_level lowest = LOG_INFO;

void log_set_level(enum log_level level)
{
    lowest = level;
}

void log_event(enum log_level level, const char *event, const char *format, ...)
{
    static const char *const names[] = {"debug", "info", "warning", "error"};
    if (level < lowest)
        return;

    char line[1024], time[MOMENT_TEXT];
    moment_t now = moment_now();
    int used = snprintf(line, sizeof line, "%s %s %s ", moment_format(now - now % MOMENT_SECOND, time),
                        names[level], event);
    va_list args;
    va_start(args, format);
    int more = vsnprintf(line + used, sizeof line - (size_t)used - 1, format, args);
    va_end(args);
    size_t len = (size_t)used + (more > 0 ? (size_t)more : 0);
    if (len > sizeof line - 2)
        len = sizeof line - 2;

    /* One event is one line, whatever PostgreSQL put into its message. */
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)line[i] < ' ')
            line[i] = ' ';
    }
    while (len > 0 && line[len - 1] == ' ')
        len--;
    line[len++] = '\n';
    if (write(STDERR_FILENO, line, len) < 0)
        return; /* nowhere left to say it */
}
