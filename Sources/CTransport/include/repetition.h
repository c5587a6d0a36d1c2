#pragma once
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// How much two texts have in common, eight bytes at a time: chunks of one answer differ in few bytes.

/// The bytes that two texts begin with alike, at most `limit`.
static inline size_t ct_common_prefix(const void *first, const void *second, size_t limit) {
    const unsigned char *a = first, *b = second;
    size_t count = 0;
    while (count + sizeof(uint64_t) <= limit) {
        uint64_t left, right;
        memcpy(&left, a + count, sizeof left);
        memcpy(&right, b + count, sizeof right);
        if (left != right) break;
        count += sizeof(uint64_t);
    }
    while (count < limit && a[count] == b[count]) count++;
    return count;
}

/// The bytes that two texts end with alike, at most `limit`; both are given by their ends.
static inline size_t ct_common_suffix(const void *first_end, const void *second_end, size_t limit) {
    const unsigned char *a = first_end, *b = second_end;
    size_t count = 0;
    while (count + sizeof(uint64_t) <= limit) {
        uint64_t left, right;
        memcpy(&left, a - count - sizeof left, sizeof left);
        memcpy(&right, b - count - sizeof right, sizeof right);
        if (left != right) break;
        count += sizeof(uint64_t);
    }
    while (count < limit && a[-1 - (ptrdiff_t)count] == b[-1 - (ptrdiff_t)count]) count++;
    return count;
}

/// The bytes up to the end of the first blank line, as after a server-sent event; all of them where there is none.
static inline size_t ct_piece_length(const void *bytes, size_t count) {
    const unsigned char *start = bytes, *end = start + count, *line = start;
    while ((line = memchr(line, '\n', (size_t)(end - line)))) {
        if (++line == end) break;
        if (*line == '\n') return (size_t)(line + 1 - start);
    }
    return count;
}
