#include "json.h"

#include <string.h>

static const char *skip_space(const char *text, const char *end) {
    while (text < end && (*text == ' ' || *text == '\n' || *text == '\r' || *text == '\t')) text++;
    return text;
}

/* From an opening quote to behind the closing one. */
static const char *skip_string(const char *text, const char *end) {
    for (text++; text < end; text++) {
        if (*text == '\\') {
            text++;
        } else if (*text == '"') {
            return text + 1;
        }
    }
    return end;
}

/* From an opening bracket or brace to behind the one that closes it. */
static const char *skip_container(const char *text, const char *end) {
    int depth = 0;
    while (text < end) {
        if (*text == '"') {
            text = skip_string(text, end);
            continue;
        }
        if (*text == '{' || *text == '[') depth++;
        if (*text == '}' || *text == ']') depth--;
        text++;
        if (depth == 0) return text;
    }
    return end;
}

static const char *skip_value(const char *text, const char *end) {
    text = skip_space(text, end);
    if (text >= end) return end;
    if (*text == '"') return skip_string(text, end);
    if (*text == '{' || *text == '[') return skip_container(text, end);
    while (text < end && *text != ',' && *text != '}' && *text != ']') text++;
    return text;
}

const char *json_member(const char *text, const char *end, const char *name) {
    size_t length = strlen(name);
    text = skip_space(text, end);
    if (text >= end || *text != '{') return NULL;
    do {
        text = skip_space(text + 1, end);
        if (text >= end || *text != '"') return NULL;
        const char *key = text + 1;
        text = skip_string(text, end);
        int found = (size_t)(text - 1 - key) == length && memcmp(key, name, length) == 0;
        text = skip_space(text, end);
        if (text >= end || *text != ':') return NULL;
        text = skip_space(text + 1, end);
        if (found) return text;
        text = skip_space(skip_value(text, end), end);
    } while (text < end && *text == ',');
    return NULL;
}

void json_copy_string(char *destination, size_t capacity, const char *value, const char *end) {
    destination[0] = 0;
    if (!value || *value != '"') return;
    const char *after = skip_string(value, end);
    if (after < value + 2) return;
    size_t length = (size_t)(after - value - 2);
    if (length >= capacity) length = capacity - 1;
    memcpy(destination, value + 1, length);
    destination[length] = 0;
}

int json_is_true(const char *value) {
    return value && *value == 't';
}

uint64_t json_count_words(const char *value, const char *end) {
    if (!value) return 0;
    uint64_t count = 0;
    int inside = 0;
    for (const char *stop = skip_value(value, end); value < stop; value++) {
        int separates = strchr(" \",[]{}:", *value) != NULL;
        if (!separates && !inside) count++;
        inside = !separates;
    }
    return count;
}
