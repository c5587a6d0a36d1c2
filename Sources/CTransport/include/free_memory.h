#pragma once
#include <malloc.h>

// Gives memory that is free in this process back to the system; Swift's view of the C library lacks the call.
static inline void ct_return_free_memory(void) {
    malloc_trim(0);
}
