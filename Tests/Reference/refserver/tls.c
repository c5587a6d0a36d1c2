/* Encryption between the server and its sockets, by OpenSSL, where the build has it. */
#define _GNU_SOURCE
#include "tls.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#ifdef REFSERVER_TLS
#include <openssl/err.h>
#include <openssl/ssl.h>

static SSL_CTX *context;

void load_certificate(const char *certificate, const char *key) {
    context = SSL_CTX_new(TLS_server_method());
    /* A ticket would be a record of its own behind the handshake, and no client here resumes a session. */
    SSL_CTX_set_num_tickets(context, 0);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    if (SSL_CTX_use_certificate_chain_file(context, certificate) == 1
        && SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) == 1) {
        return;
    }
    ERR_print_errors_fp(stderr);
    exit(2);
}

void *begin_encryption(int socket) {
    if (!context) return NULL;
    SSL *tls = SSL_new(context);
    SSL_set_fd(tls, socket);
    SSL_set_accept_state(tls);
    return tls;
}

void end_encryption(void *tls) {
    SSL_free(tls);
}

/* What a call of OpenSSL returned, as send() and recv() would say it. */
static ssize_t result_of(SSL *tls, int count) {
    if (count > 0) return count;
    int error = SSL_get_error(tls, count);
    ERR_clear_error();
    if (error == SSL_ERROR_ZERO_RETURN) return 0;
    errno = error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? EAGAIN : EPROTO;
    return -1;
}

static ssize_t send_encrypted(void *tls, const char *bytes, size_t length) {
    return result_of(tls, SSL_write(tls, bytes, (int)length));
}

static ssize_t receive_encrypted(void *tls, char *bytes, size_t room) {
    return result_of(tls, SSL_read(tls, bytes, (int)room));
}
#else
void load_certificate(const char *certificate, const char *key) {
    fprintf(stderr, "refserver: built without OpenSSL, cannot serve %s and %s: install libssl-dev\n", certificate, key);
    exit(2);
}

void *begin_encryption(int socket) {
    (void)socket;
    return NULL;
}

void end_encryption(void *tls) {
    (void)tls;
}

static ssize_t send_encrypted(void *tls, const char *bytes, size_t length) {
    (void)tls, (void)bytes, (void)length;
    return -1;
}

static ssize_t receive_encrypted(void *tls, char *bytes, size_t room) {
    (void)tls, (void)bytes, (void)room;
    return -1;
}
#endif

ssize_t send_through(void *tls, int socket, const char *bytes, size_t length) {
    if (tls) return send_encrypted(tls, bytes, length);
    return send(socket, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT);
}

ssize_t receive_through(void *tls, int socket, char *bytes, size_t room) {
    if (tls) return receive_encrypted(tls, bytes, room);
    return recv(socket, bytes, room, MSG_DONTWAIT);
}
