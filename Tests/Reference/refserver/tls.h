/* Bytes to and from a socket, in the clear or encrypted, without ever blocking. */
#ifndef TLS_H
#define TLS_H

#include <sys/types.h>

/* Makes all connections encrypted; ends the program where the files, or this build, cannot do it. */
void load_certificate(const char *certificate, const char *key);

/* Encryption of an accepted socket; NULL where connections are in the clear. */
void *begin_encryption(int socket);
void end_encryption(void *tls);

/* As send() and recv(), through the encryption unless that is NULL. */
ssize_t send_through(void *tls, int socket, const char *bytes, size_t length);
ssize_t receive_through(void *tls, int socket, char *bytes, size_t room);

#endif
