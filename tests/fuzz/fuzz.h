/* fuzz.h - the one function that a fuzz target has; called by libFuzzer, or by driver.c. */
#ifndef REPLYD_TESTS_FUZZ_H
#define REPLYD_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
