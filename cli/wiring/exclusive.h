// Exclusive: the right to do a job that only one process at a time may do on a home: init, `authority run`, antind.
//
// Held as a lock of the kernel on a file, so that it ends with its process, however that dies. The file keeps the pid.
#pragma once

#include <string>
#include <string_view>

#include "base/file.h"
#include "base/result.h"
#include "cli/wiring/home.h"

namespace antin::wiring {

enum class Job { init, authority, daemon };
std::string_view to_string(Job job) noexcept;  // `init`, `authority`, `antind`
// `HOME/init.lock`, `HOME/ca/authority.lock`, `HOME/service/antind.lock`; its folder must exist.
Path lock_file(const Home& home, Job job);

class Exclusive {
 public:
  // unavailable with the pid of the first when the job is being done.
  static Result<Exclusive> acquire(const Home& home, Job job);
  Exclusive(Exclusive&& other) noexcept;
  Exclusive& operator=(Exclusive&& other) noexcept;
  ~Exclusive();

 private:
  explicit Exclusive(int file) : file_(file) {}
  int file_ = -1;
};

}  // namespace antin::wiring
