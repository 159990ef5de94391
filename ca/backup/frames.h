// Frames: the encrypted octets of a container after its header, in their order. Each says whether more of its record
// follows, whether it ends a record, or the file; counter and mark are part of its nonce, so that a frame that is
// missing, moved, added or changed is noticed.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "base/bytes.h"
#include "base/file.h"
#include "base/result.h"
#include "base/secret.h"
#include "ca/backup/container.h"

namespace antin::backup {

enum class Mark : std::uint8_t { more = 0, end_of_record = 1, end_of_file = 2 };

// Writes a new file, mode 0600, with the header at its beginning. Not for two threads at once. What is there when it is
// destroyed before finish() is for the caller to remove.
class FrameWriter {
 public:
  static Result<FrameWriter> create(const Path& file, const Sealed& sealed);
  FrameWriter(FrameWriter&&) noexcept;
  FrameWriter& operator=(FrameWriter&&) = delete;
  ~FrameWriter();

  Status write(ByteView octets);
  Status end_record();  // flushed to disk when it returns
  Status finish();      // ends the file; flushed to disk
  // Whether the file is still the one at its path.
  bool is_there() const;

 private:
  FrameWriter(int file, Path path, Secret key) : file_(file), path_(std::move(path)), key_(std::move(key)) {}
  Status put(Mark mark);
  Status flush();
  int file_;
  Path path_;
  Secret key_;
  Bytes waiting_;
  std::uint64_t counter_ = 0;
};

class FrameReader {
 public:
  // Reads and checks the header.
  static Result<FrameReader> open(const Path& file);
  FrameReader(FrameReader&&) noexcept;
  FrameReader& operator=(FrameReader&&) = delete;
  ~FrameReader();

  const Header& header() const { return header_; }
  void unlock(Secret key) { key_ = std::move(key); }
  struct Frame {
    Mark mark = Mark::more;
    Bytes octets;  // empty while it is locked
  };
  // None when the file ends, in the middle of a frame also: then cut_short() is true. data_loss for one that does not
  // open, and for octets after the end mark. Without a key sizes and marks alone are read.
  Result<std::optional<Frame>> next();
  bool cut_short() const { return cut_short_; }

 private:
  FrameReader(int file, Path path) : file_(file), path_(std::move(path)) {}
  Result<std::size_t> read(std::span<std::uint8_t> into);
  int file_;
  Path path_;
  Header header_;
  std::optional<Secret> key_;
  std::uint64_t counter_ = 0;
  bool cut_short_ = false, ended_ = false;
};

}  // namespace antin::backup
