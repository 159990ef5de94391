#include "ca/backup/segments.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/encoding.h"

namespace antin::backup {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view ending = ".segment";
constexpr std::size_t digits = 12;

std::string name_of(std::uint64_t ordinal, std::uint64_t first_number) {
  char text[64];
  std::snprintf(text, sizeof text, "%012llu-%012llu.segment", static_cast<unsigned long long>(ordinal),
                static_cast<unsigned long long>(first_number));
  return text;
}

std::optional<std::uint64_t> number_in(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<SegmentFile> segment_named(const Path& path) {
  std::string_view rest;
  const std::string name = path.filename().string();
  rest = name;
  if (!rest.ends_with(ending)) return std::nullopt;
  rest.remove_suffix(ending.size());
  const std::size_t dash = rest.find('-');
  if (dash == std::string_view::npos || dash < digits) return std::nullopt;
  const auto ordinal = number_in(rest.substr(0, dash)), first = number_in(rest.substr(dash + 1));
  if (!ordinal || !first) return std::nullopt;
  return SegmentFile{path, *ordinal, *first};
}

std::unexpected<Error> damaged(const Path& path) {
  return fail(ErrorCode::data_loss, path.string() + ": a record of it is not readable");
}

Result<store::Changes> changes_in(const Path& path, ByteView record) {
  if (record.size() < 4) return damaged(path);
  std::size_t size = 0;
  for (const std::uint8_t octet : record.first(4)) size = size << 8 | octet;
  if (record.size() - 4 < size) return damaged(path);
  const Json head = Json::parse(text_of(record.subspan(4, size)), nullptr, false);
  const bool fits = head.is_object() && head.contains("number") && head["number"].is_number_unsigned() &&
                    head.contains("id") && head["id"].is_string() && head.contains("previous") &&
                    head["previous"].is_string() && head.contains("version") && head["version"].is_number_unsigned();
  if (!fits) return damaged(path);
  return store::Changes{head["number"].get<std::uint64_t>(), head["id"].get<std::string>(),
                        head["previous"].get<std::string>(), head["version"].get<std::uint64_t>(),
                        to_bytes(record.subspan(4 + size))};
}

// What the changes of several segments come to: each is passed on once it is known that none replaces it.
class Chain {
 public:
  Chain(const store::Position& base, const std::function<Status(const store::Changes&)>& visit)
      : base_(base.number), number_(base.number), id_(base.id), visit_(visit) {}

  Status add(const Path& from, store::Changes changes) {
    if (changes.number <= base_) return {};
    if (changes.number <= number_)
      return fail(ErrorCode::data_loss, from.string() + ": its changes " + std::to_string(changes.number) +
                                            " were made by another copy of this store: two homes ship into one folder");
    if (held_ && changes.number == held_->number + 1 && changes.previous == held_->id) ANTIN_CHECK(pass_on());
    if (changes.number != number_ + 1 || changes.previous != id_)
      return fail(ErrorCode::data_loss, from.string() + ": what came before its changes " +
                                            std::to_string(changes.number) +
                                            " is missing: give every folder of segments since the backup, in order");
    held_ = std::move(changes);
    return {};
  }
  Status pass_on() {
    if (!held_) return {};
    ANTIN_CHECK(visit_(*held_));
    number_ = held_->number;
    id_ = held_->id;
    held_.reset();
    return {};
  }

 private:
  std::uint64_t base_, number_;
  std::string id_;
  const std::function<Status(const store::Changes&)>& visit_;
  std::optional<store::Changes> held_;
};

// A record that was cut off at the end was never acknowledged.
Status read_segment(const Path& path, const Unlock& unlock, Chain& chain) {
  ANTIN_TRY(FrameReader frames, FrameReader::open(path));
  if (frames.header().kind != Kind::segment)
    return fail(ErrorCode::invalid_argument, path.string() + ": this is no segment");
  ANTIN_TRY(Secret key, in(path.string(), unlock(frames.header())));
  frames.unlock(std::move(key));
  Bytes record;
  while (true) {
    ANTIN_TRY(auto frame, frames.next());
    if (!frame) return {};
    append(record, frame->octets);
    if (frame->mark == Mark::more) continue;
    ANTIN_TRY(store::Changes changes, changes_in(path, record));
    ANTIN_CHECK(chain.add(path, std::move(changes)));
    record.clear();
  }
}

// Made while another process wrote its header, or when a process died there: nothing was acknowledged with it.
bool has_no_record(const Path& path) {
  std::error_code error;
  if (std::filesystem::file_size(path, error) < header_start && !error) return true;
  const Result<FrameReader> frames = FrameReader::open(path);
  if (frames) return false;
  const auto start = read_file(path, longest_header + header_start);
  if (!start) return false;
  const auto size = header_size(ByteView(*start).first(std::min(start->size(), header_start)));
  return size && start->size() < *size;
}

}  // namespace

Result<std::vector<SegmentFile>> segments_in(const Path& folder) {
  std::vector<SegmentFile> out;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    if (auto segment = segment_named(at->path())) out.push_back(*std::move(segment));
  if (error) return fail(ErrorCode::unavailable, folder.string() + ": segments: " + error.message());
  std::ranges::sort(out, {}, &SegmentFile::ordinal);
  return out;
}

Result<bool> SegmentFolder::may_go_on() const {
  if (!writer_ || !writer_->is_there()) return false;
  ANTIN_TRY(const auto there, segments_in(folder_));
  return !there.empty() && there.back().ordinal == ordinal_;
}

Status SegmentFolder::begin_segment(std::uint64_t first_number) {
  ANTIN_TRY(const auto there, segments_in(folder_));
  ANTIN_TRY(const auto recipients, recipients_());
  ANTIN_TRY(const Sealed sealed, seal(Kind::segment, threshold_, recipients, random_));
  ordinal_ = there.empty() ? 1 : there.back().ordinal + 1;
  ANTIN_TRY(FrameWriter writer, FrameWriter::create(folder_ / name_of(ordinal_, first_number), sealed));
  writer_.emplace(std::move(writer));
  return {};
}

Status SegmentFolder::append_record(const store::Changes& changes) {
  const std::string head =
      Json{{"number", changes.number}, {"id", changes.id}, {"previous", changes.previous}, {"version", changes.version}}
          .dump();
  const Bytes size{0, 0, static_cast<std::uint8_t>(head.size() >> 8), static_cast<std::uint8_t>(head.size())};
  ANTIN_CHECK(writer_->write(size));
  ANTIN_CHECK(writer_->write(bytes_of(head)));
  ANTIN_CHECK(writer_->write(changes.octets));
  return writer_->end_record();
}

Status SegmentFolder::ship(const store::Changes& changes) {
  ANTIN_TRY(const bool same, may_go_on());
  if (!same) ANTIN_CHECK(begin_segment(changes.number));
  Status done = append_record(changes);
  if (!done) writer_.reset();  // its counter and its end are not trusted any more
  return done;
}

Status read_segments(const std::vector<SegmentFile>& segments, const store::Position& base, const Unlock& unlock,
                     const std::function<Status(const store::Changes&)>& visit) {
  Chain chain(base, visit);
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const bool all_before = i + 1 < segments.size() && segments[i + 1].first_number <= base.number + 1 &&
                            segments[i].first_number <= segments[i + 1].first_number;
    if (all_before || has_no_record(segments[i].path)) continue;
    ANTIN_CHECK(read_segment(segments[i].path, unlock, chain));
  }
  return chain.pass_on();
}

}  // namespace antin::backup
