#pragma once
#include <csignal>

namespace wsgi {

/// All signals wait as long as it lives, for this thread and for the threads that are started by it
/// (and by those): a container's handlers belong on the container's threads only. uWSGI's, for one,
/// end the process from whatever thread they find themselves on.
class SignalsBlocked {
 public:
  SignalsBlocked() noexcept {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_{};
};

}  // namespace wsgi
