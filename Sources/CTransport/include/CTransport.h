#pragma once
#include "curl_options.h"
#include "curl_stamps.h"
#include "event_poll.h"
#include "repetition.h"
#include "socket_stamps.h"
#include "system_clock.h"
