#include "system_clock.h"

#include <sys/prctl.h>
#include <sys/timex.h>

ct_wall_clock_state ct_read_wall_clock_state(void) {
    struct timex clock = {0}; // no mode bits: nothing is adjusted
    int state = adjtimex(&clock);
    if (state < 0) return (ct_wall_clock_state){0};
    return (ct_wall_clock_state){
        .is_known = 1,
        .is_synchronized = state != TIME_ERROR && !(clock.status & STA_UNSYNC),
        .max_error_ns = (int64_t)clock.maxerror * 1000,
    };
}

int64_t ct_timer_slack(void) {
    return prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0);
}
