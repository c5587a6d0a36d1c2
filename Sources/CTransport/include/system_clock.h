#pragma once
#include <stdint.h>

// What the kernel says of its clock and timers.

// What an NTP client keeps right about the wall clock.
typedef struct {
    int is_known;          // 0 where the kernel refuses to tell, and all else is 0
    int is_synchronized;
    int64_t max_error_ns;  // how far off the wall clock is at most, as far as its keeper knows
} ct_wall_clock_state;

ct_wall_clock_state ct_read_wall_clock_state(void);

// Reads how late the kernel may wake the calling thread in order to save power, in nanoseconds; -1 where it does not tell.
int64_t ct_timer_slack(void);
