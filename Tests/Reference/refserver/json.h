/* Just enough JSON to read four members of a request body; no value is built. */
#ifndef JSON_H
#define JSON_H

#include <stddef.h>
#include <stdint.h>

/* The start of the value of a member of the object at `text`; NULL where there is none. */
const char *json_member(const char *text, const char *end, const char *name);

/* Copies the inside of the string at `value`, escapes and all, cut to the capacity; empty where it is no string. */
void json_copy_string(char *destination, size_t capacity, const char *value, const char *end);

/* Whether `value` is the literal true. */
int json_is_true(const char *value);

/* The words inside a value, by the spaces and punctuation of JSON: a stand-in for prompt tokens. */
uint64_t json_count_words(const char *value, const char *end);

#endif
