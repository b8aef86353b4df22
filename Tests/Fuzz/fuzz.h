// What the fuzzers of CSandbox share. Each is one file with one function; scripts/fuzz builds and runs them.

#ifndef GODWIT_FUZZ_H
#define GODWIT_FUZZ_H

#include "internal.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/// Ends the fuzzer with what it found.
#define ALWAYS(condition) ((condition) ? (void)0 : abort())

/// A copy that ends with a zero byte, of exactly its size, so that the sanitizer sees a read past it.
static inline char *text_of(const uint8_t *bytes, size_t length) {
    char *text = malloc(length + 1);
    ALWAYS(text);
    if (length) memcpy(text, bytes, length);
    text[length] = 0;
    return text;
}

#endif
