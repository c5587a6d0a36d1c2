import CEpoll
import Glibc

func probe() {
var e = epoll_event()
e.events = EPOLLIN.rawValue | EPOLLRDHUP.rawValue
e.data.u64 = 3
let p = epoll_create1(Int32(EPOLL_CLOEXEC.rawValue))
var ts = timespec(tv_sec: 0, tv_nsec: 1000)
let r = epoll_pwait2(p, &e, 1, &ts, nil)
let w = eventfd(0, Int32(EFD_NONBLOCK.rawValue | EFD_CLOEXEC.rawValue))
let s = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue|SOCK_CLOEXEC.rawValue), 0)
var one: Int32 = 1
setsockopt(s, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
setsockopt(s, Int32(IPPROTO_TCP), TCP_CONGESTION, "reno", 4)
let f = accept4(s, nil, nil, Int32(SOCK_NONBLOCK.rawValue|SOCK_CLOEXEC.rawValue))
print(gettid(), Int32(MSG_NOSIGNAL.rawValue|MSG_DONTWAIT.rawValue), r, w, s, f, SO_LINGER)
_ = linger(l_onoff: 1, l_linger: 0)
_ = cepoll_set_timer_slack(1)
}
