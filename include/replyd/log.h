/* log.h - one line an event on standard error: time, level, event, then key=value pairs.
 * Message texts, addresses, keys and tokens are never logged. */
#ifndef REPLYD_LOG_H
#define REPLYD_LOG_H

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };

/* Lines below this level are dropped; LOG_INFO at the start. Set before threads are started. */
void log_set_level(enum log_level level);

/* log_event(LOG_INFO, "listening", "address=%s", address); the format may be "" */
void log_event(enum log_level level, const char *event, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
