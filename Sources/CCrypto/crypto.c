#define _GNU_SOURCE
#include "CCrypto.h"

#include <dlfcn.h>

typedef struct evp_md evp_md;

static const evp_md *(*evp_sha256)(void);
static int (*evp_digest)(const void *, size_t, unsigned char *, unsigned *, const evp_md *, void *);
static unsigned char *(*hmac)(
    const evp_md *, const void *, int, const unsigned char *, size_t, unsigned char *, unsigned *);

int cc_find_library(void) {
    // What libcurl was linked with is in the program's scope already; the name is for programs without libcurl.
    void *scope = dlsym(RTLD_DEFAULT, "EVP_sha256") ? RTLD_DEFAULT : dlopen("libcrypto.so.3", RTLD_NOW);
    *(void **)&evp_sha256 = dlsym(scope, "EVP_sha256");
    *(void **)&evp_digest = dlsym(scope, "EVP_Digest");
    *(void **)&hmac = dlsym(scope, "HMAC");
    return evp_sha256 && evp_digest && hmac;
}

void cc_sha256(const void *bytes, size_t count, uint8_t *digest) {
    evp_digest(bytes, count, digest, NULL, evp_sha256(), NULL);
}

void cc_hmac_sha256(const void *key, size_t key_count, const void *bytes, size_t count, uint8_t *digest) {
    hmac(evp_sha256(), key, (int)key_count, bytes, count, digest, NULL);
}
