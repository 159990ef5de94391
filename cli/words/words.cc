#include "cli/words/words.h"

#include <optional>
#include <vector>

#include "base/clock.h"
#include "cli/words/tables.h"

namespace antin::words {
namespace {

constexpr std::string_view joint = ": ";

struct Fit {
  std::string text;
  std::size_t letters = 0;  // of the pattern that are not holes: the more, the closer it fits
};

bool is_hole(std::string_view pattern) {
  return pattern.size() >= 3 && pattern[0] == '{' && pattern[1] >= '0' && pattern[1] <= '9' && pattern[2] == '}';
}

// What the holes stand for, when `text` is made by `pattern`. A hole takes at least one octet, as few as can be, and no
// joint: what was put in front of a sentence has an entry of its own.
bool match(std::string_view pattern, std::string_view text, std::vector<std::string_view>& holes) {
  while (!pattern.empty() && !is_hole(pattern)) {
    if (text.empty() || text.front() != pattern.front()) return false;
    pattern.remove_prefix(1);
    text.remove_prefix(1);
  }
  if (pattern.empty()) return text.empty();
  const auto number = static_cast<std::size_t>(pattern[1] - '0');
  if (holes.size() <= number) holes.resize(number + 1);
  if (pattern.size() == 3) {
    holes[number] = text;
    return !text.empty() && text.find(joint) == std::string_view::npos;
  }
  for (std::size_t size = 1; size <= text.size(); ++size) {
    holes[number] = text.substr(0, size);
    const std::string_view taken = holes[number];
    if (taken.back() == ':' && text.substr(size).starts_with(' ')) return false;  // a joint
    if (match(pattern.substr(3), text.substr(size), holes)) {
      holes[number] = taken;
      return true;
    }
  }
  return false;
}

std::string filled(std::string_view pattern, const std::vector<std::string_view>& holes) {
  std::string text;
  while (!pattern.empty()) {
    if (is_hole(pattern)) {
      const auto number = static_cast<std::size_t>(pattern[1] - '0');
      if (number < holes.size()) text += holes[number];
      pattern.remove_prefix(3);
    } else {
      text += pattern.front();
      pattern.remove_prefix(1);
    }
  }
  return text;
}

std::size_t letters(std::string_view pattern) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < pattern.size(); ++i) is_hole(pattern.substr(i)) ? i += 2 : ++count;
  return count;
}

std::optional<Fit> best_fit(std::string_view text) {
  std::optional<Fit> best;
  for (const auto table : {backup_sentences(), ceremony_sentences(), context_sentences(), usage_sentences(), token_sentences(),
                           ca_sentences(), format_sentences(), document_sentences(), program_sentences()}) {
    for (const Sentence& sentence : table) {
      std::vector<std::string_view> holes;
      if (!match(sentence.en, text, holes)) continue;
      const std::size_t count = letters(sentence.en);
      if (!best || count > best->letters) best = Fit{filled(sentence.vi, holes), count};
    }
  }
  return best;
}

// The best way to say the message from one of its joints on.
struct Way {
  std::string text;
  unsigned unknown = 0;   // parts of several words without an entry
  unsigned verbatim = 0;  // parts that stay as they are
  unsigned parts = 0;
  bool better_than(const Way& other) const {
    if (unknown != other.unknown) return unknown < other.unknown;
    if (verbatim != other.verbatim) return verbatim < other.verbatim;
    return parts < other.parts;
  }
};

std::vector<std::string_view> split(std::string_view message) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t at = message.find(joint);
    parts.push_back(message.substr(0, at));
    if (at == std::string_view::npos) return parts;
    message.remove_prefix(at + joint.size());
  }
}

Way ended(const Way& rest, std::string text, bool known, bool words) {
  if (!rest.text.empty()) text += std::string(joint) + rest.text;
  return {std::move(text), rest.unknown + (!known && words ? 1 : 0), rest.verbatim + (known ? 0 : 1), rest.parts + 1};
}

// A message may hold what a stranger sent: the time to look at it is bounded.
constexpr std::size_t longest = 2000;

Way translate(std::string_view message) {
  if (message.size() > longest) return {std::string(message), 1, 1, 1};
  constexpr std::size_t most = 12;  // what is beyond stays as it is
  std::vector<std::string_view> parts = split(message);
  if (parts.size() > most) {
    const char* tail = parts[most - 1].data();
    parts.resize(most);
    parts.back() = std::string_view(tail, static_cast<std::size_t>(message.data() + message.size() - tail));
  }
  std::vector<Way> from(parts.size() + 1);
  for (std::size_t first = parts.size(); first-- > 0;) {
    // A single part can stay as it is.
    Way best = ended(from[first + 1], std::string(parts[first]), false, parts[first].contains(' '));
    for (std::size_t last = first; last < parts.size(); ++last) {
      const char* end = parts[last].data() + parts[last].size();
      const auto size = static_cast<std::size_t>(end - parts[first].data());
      const std::optional<Fit> fit = best_fit(std::string_view(parts[first].data(), size));
      if (!fit) continue;
      Way way = ended(from[last + 1], fit->text, true, true);
      if (way.better_than(best)) best = std::move(way);
    }
    from[first] = std::move(best);
  }
  return std::move(from.front());
}

// Times of UTC, as Errors have them, are read here at +07:00.
std::string with_local_times(std::string text) {
  constexpr std::size_t size = std::string_view("2022-12-28T02:30:15Z").size();
  for (std::size_t end = 0; (end = text.find('Z', end + 1)) != std::string::npos;) {
    if (end + 1 < size) continue;
    const Result<Time> time = parse_rfc3339(std::string_view(text).substr(end + 1 - size, size));
    if (time) text.replace(end + 1 - size, size, to_rfc3339(*time, vietnam_offset));
  }
  return text;
}

}  // namespace

std::string error_text(std::string_view message, Language language) {
  return with_local_times(language == Language::en ? std::string(message) : translate(message).text);
}

bool is_known(std::string_view message) { return translate(message).unknown == 0; }

Error translated(Error error, Language language) {
  error.message = error_text(error.message, language);
  return error;
}

std::string scope_text(std::string_view scope, Language language) {
  constexpr Sentence shapes[] = {{"{0}: revision {1} of {2}, {3} octets", "{0}: phiên bản {1}/{2}, {3} byte"},
                                 {"{0}: revision {1}, {2} octets", "{0}: phiên bản {1}, {2} byte"}};
  if (language == Language::vi) {
    for (const Sentence& shape : shapes) {
      std::vector<std::string_view> holes;
      if (match(shape.en, scope, holes)) return filled(shape.vi, holes);
    }
  }
  return std::string(scope);
}

}  // namespace antin::words
