#include "curl_stamps.h"

#include <stdint.h>
#include <unistd.h>

static int socket_opened(void *mode, curl_socket_t socket, curlsocktype purpose) {
    (void)purpose;
    // A socket without stamps still works; its arrivals then carry the reading instant.
    ct_watch_socket(socket, (int)(intptr_t)mode);
    return CURL_SOCKOPT_OK;
}

static int socket_closing(void *context, curl_socket_t socket) {
    (void)context;
    ct_forget_socket(socket);
    return close(socket);
}

// libcurl calls this when the connection is ready and sends the request right after it, on this thread.
static int request_follows(void *stamp, char *remote, char *local, int remote_port, int local_port) {
    (void)remote, (void)local, (void)remote_port, (void)local_port;
    ct_arm_send(stamp);
    return CURL_PREREQFUNC_OK;
}

CURLcode ct_stamp_sockets(CURL *handle, int mode) {
    CURLcode result = curl_easy_setopt(handle, CURLOPT_SOCKOPTFUNCTION, socket_opened);
    if (result == CURLE_OK) result = curl_easy_setopt(handle, CURLOPT_SOCKOPTDATA, (void *)(intptr_t)mode);
    if (result == CURLE_OK) result = curl_easy_setopt(handle, CURLOPT_CLOSESOCKETFUNCTION, socket_closing);
    if (result == CURLE_OK) result = curl_easy_setopt(handle, CURLOPT_PREREQFUNCTION, request_follows);
    return result;
}

CURLcode ct_stamp_sends(CURL *handle, ct_send_stamp *stamp) {
    return curl_easy_setopt(handle, CURLOPT_PREREQDATA, stamp);
}
