// Turn: a short wait for one's turn at something that several processes do, held as a kernel lock on a file.
#pragma once

#include "base/file.h"
#include "base/result.h"

namespace antin {

class Turn {
 public:
  Turn() = default;  // needs no turn
  // Waits until the others are through; a process that dies gives its turn up. The file's folder must exist.
  static Result<Turn> take(const Path& file);
  Turn(Turn&& other) noexcept;
  Turn& operator=(Turn&& other) noexcept;
  ~Turn();

 private:
  explicit Turn(int file) : file_(file) {}
  int file_ = -1;
};

}  // namespace antin
