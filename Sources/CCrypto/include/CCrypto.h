#pragma once
#include <stddef.h>
#include <stdint.h>

// SHA-256 of the libcrypto that libcurl has loaded. It is found when it is first asked for, since neither its headers nor
// its name at link time come with libcurl's development package, and only requests that are signed need it.

enum { CC_DIGEST_LENGTH = 32 };

// Looks for libcrypto. Returns 1 where it was found, else 0; the other functions may be called after a 1 alone.
int cc_find_library(void);

// Hashes some bytes.
void cc_sha256(const void *bytes, size_t count, uint8_t *digest);

// Hashes some bytes with a key (RFC 2104).
void cc_hmac_sha256(const void *key, size_t key_count, const void *bytes, size_t count, uint8_t *digest);
