#pragma once
#include <curl/curl.h>

#include "socket_stamps.h"

// Makes a handle's sockets stamped ones, in one of the modes of socket_stamps.h. Connections that are used again keep
// the mode they were opened with, unless the request's stamp names another way to read HTTP/1.1. Returns the first
// failure, or CURLE_OK.
CURLcode ct_stamp_sockets(CURL *handle, int mode);

// Makes libcurl leave the instant of a handle's request in `stamp`, once per time that the request is sent.
CURLcode ct_stamp_sends(CURL *handle, ct_send_stamp *stamp);
