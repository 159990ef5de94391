// Segments: a folder to which every transaction of the store is shipped before it is acknowledged, and from which a
// restore reads them back. docs/formats/backup.md.
//
// Files are `ORDINAL-NUMBER.segment`: of those of one folder the later one has the greater ordinal, and NUMBER is that
// of the first changes in it. A process writes to a segment of its own and begins another one once somebody else wrote
// after it, so that their order is the order of the acts.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "base/file.h"
#include "ca/backup/container.h"
#include "ca/backup/frames.h"
#include "ca/store/shipping.h"

namespace antin::backup {

class SegmentFolder final : public store::ChangeSink {
 public:
  using Recipients = std::function<Result<std::vector<Recipient>>()>;
  SegmentFolder(Path folder, unsigned threshold, Recipients recipients, RandomSource& random)
      : folder_(std::move(folder)), threshold_(threshold), recipients_(std::move(recipients)), random_(random) {}
  // Encrypted, appended and flushed to disk when it returns. When it fails, what it left is ignored by who reads.
  Status ship(const store::Changes& changes) override;

 private:
  Status begin_segment(std::uint64_t first_number);
  Result<bool> may_go_on() const;
  Status append_record(const store::Changes& changes);
  Path folder_;
  unsigned threshold_;
  Recipients recipients_;
  RandomSource& random_;
  std::optional<FrameWriter> writer_;
  std::uint64_t ordinal_ = 0;
};

struct SegmentFile {
  Path path;
  std::uint64_t ordinal = 0, first_number = 0;
};
// In their order; not_found when the folder is not there.
Result<std::vector<SegmentFile>> segments_in(const Path& folder);

// Gives the key of one container.
using Unlock = std::function<Result<Secret>(const Header&)>;
// Visits, in their order, the changes that follow `base` and were made: of those with one number the last ones.
// data_loss when some are missing between, or a segment was changed.
Status read_segments(const std::vector<SegmentFile>& segments, const store::Position& base, const Unlock& unlock,
                     const std::function<Status(const store::Changes&)>& visit);

}  // namespace antin::backup
