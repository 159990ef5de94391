#include "ca/log/log.h"

#include <algorithm>
#include <cstdio>

#include "base/encoding.h"

namespace antin::log {
namespace {

// RFC 8785 §3.2.2.2: short escapes where JSON has them, \u00xx for other control characters, all else as UTF-8.
void append_json(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          char escape[8];
          std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(static_cast<unsigned char>(c)));
          out += escape;
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

// Text that is not UTF-8 does not reach the log as it is: its octets do, in hexadecimal.
std::string normal(std::string_view text) {
  if (std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
    return std::string(text);
  auto nfc = to_nfc(text);
  return nfc ? *std::move(nfc) : to_hex(bytes_of(text));
}

// RFC 9162 §2.1.1: what is left joins from the right.
Sha256 fold(const std::vector<std::pair<std::uint64_t, Sha256>>& stack) {
  Sha256 root = stack.back().second;
  for (auto next = stack.rbegin() + 1; next != stack.rend(); ++next) root = node_hash(next->second, root);
  return root;
}

}  // namespace

Bytes entry(Time at, std::string_view type, const std::vector<std::pair<std::string, std::string>>& fields) {
  std::vector<std::pair<std::string, std::string>> all{{"at", to_rfc3339(at)}, {"type", std::string(type)}};
  for (const auto& [name, value] : fields) all.emplace_back(name, normal(value));
  std::sort(all.begin(), all.end());
  std::string out = "{";
  for (const auto& [name, value] : all) {
    if (out.size() > 1) out += ',';
    append_json(out, name);
    out += ':';
    append_json(out, value);
  }
  out += '}';
  return to_bytes(out);
}

Sha256 leaf_hash(ByteView entry) {
  Bytes input{0x00};
  append(input, entry);
  return sha256(input);
}

Sha256 node_hash(const Sha256& left, const Sha256& right) {
  Bytes input{0x01};
  append(input, left);
  append(input, right);
  return sha256(input);
}

void RootBuilder::add(const Sha256& leaf) {
  stack_.emplace_back(1, leaf);
  ++size_;
  while (stack_.size() > 1 && stack_[stack_.size() - 2].first == stack_.back().first) {
    const auto right = stack_.back();
    stack_.pop_back();
    stack_.back() = {right.first * 2, node_hash(stack_.back().second, right.second)};
  }
}

Sha256 RootBuilder::root() const { return stack_.empty() ? sha256({}) : fold(stack_); }

namespace {

std::unexpected<Error> not_as_written_down(std::uint64_t size) {
  return fail(ErrorCode::data_loss, "log: its first " + std::to_string(size) +
                                        " entries do not have the root that was written down: it was written anew");
}

}  // namespace

Result<Verification> verify(store::Store& store, const std::optional<Verification>& earlier) {
  RootBuilder builder;
  if (earlier && earlier->size == 0 && earlier->root != builder.root()) return not_as_written_down(0);
  ANTIN_CHECK(store.for_each_log_entry(0, [&](const store::LogEntry& entry) -> Status {
    if (entry.index != builder.size())
      return fail(ErrorCode::data_loss, "log: entry " + std::to_string(builder.size()) + " is missing");
    const auto leaf = leaf_hash(entry.entry);
    if (leaf != entry.leaf_hash)
      return fail(ErrorCode::data_loss, "log: entry " + std::to_string(entry.index) + " does not match its leaf hash");
    builder.add(leaf);
    if (earlier && builder.size() == earlier->size && builder.root() != earlier->root)
      return not_as_written_down(earlier->size);
    return {};
  }));
  if (earlier && builder.size() < earlier->size)
    return fail(ErrorCode::data_loss, "log: it has " + std::to_string(builder.size()) + " entries and had " +
                                          std::to_string(earlier->size) + ": entries were taken away");
  return Verification{builder.size(), builder.root()};
}

}  // namespace antin::log
