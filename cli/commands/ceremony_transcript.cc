#include "cli/commands/ceremony_transcript.h"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/encoding.h"

namespace antin::commands {
namespace {

using Value = nlohmann::json;  // sorted members

constexpr const char* format = "antin-ceremony-transcript-1";
constexpr std::uintmax_t largest = 4U << 20;

std::string canonical(const Value& value) { return value.dump() + "\n"; }

// This program, as it runs: participants compare it with the record of its build.
Result<std::string> program_sha256() {
  ANTIN_TRY(const Bytes program, in("program", read_file("/proc/self/exe")));
  return to_hex(sha256(program));
}

Result<Value> run_value(Time at) {
  ANTIN_TRY(const std::string program, program_sha256());
  return Value{{"at", to_rfc3339(at)}, {"version", wiring::version()}, {"program", program}};
}

Value begin(const wiring::CeremonyFile& file) {
  return {{"format", format},       {"kind", file.kind()},         {"name", file.name()},
          {"title", file.title},    {"file", to_hex(file.sha256)}, {"place", file.place},
          {"runs", Value::array()}, {"witnesses", file.witnesses}, {"steps", Value::array()}};
}

Value participants(const std::vector<Participant>& officers) {
  Value all = Value::array();
  for (const Participant& officer : officers) {
    Value one = {{"name", officer.name}};
    if (!officer.token.empty()) one["token"] = officer.token;
    if (!officer.certificate.empty()) one["certificate"] = officer.certificate;
    all.push_back(std::move(one));
  }
  return all;
}

Result<Value> read(const Path& file) {
  ANTIN_TRY(const Bytes octets, read_file(file, largest));
  Value value = Value::parse(text_of(octets), nullptr, false);
  if (!value.is_object() || value.value("format", "") != format || !value.contains("file") ||
      !value.contains("steps") || !value.contains("runs") || canonical(value) != text_of(octets))
    return fail(ErrorCode::data_loss, "transcript: " + file.string() + " is not what a ceremony wrote");
  return value;
}

}  // namespace

Path transcript_file(const wiring::Home& home, const std::string& name) {
  return home.ceremonies() / (name + ".json");
}

Result<Transcript> Transcript::open(Session& session, const wiring::CeremonyFile& file) {
  const std::string name = file.name();
  Transcript transcript(session.home, name);
  Value value = begin(file);
  std::error_code error;
  for (const Path& before : {transcript_file(session.home, name), transcript.draft()}) {
    if (!std::filesystem::exists(before, error)) continue;
    ANTIN_TRY(value, read(before));
    transcript.ended_ = before != transcript.draft();
    break;
  }
  if (value.at("file") != to_hex(file.sha256))
    return fail(ErrorCode::failed_precondition, "transcript: that of ceremony " + name + " is of another file");
  transcript.value_ = std::make_shared<Value>(std::move(value));
  if (transcript.ended_) return transcript;
  ANTIN_TRY(Value run, run_value(session.now()));
  (*transcript.value_)["runs"].push_back(std::move(run));
  ANTIN_CHECK(write_file(transcript.draft(), transcript.octets()));
  return transcript;
}

std::string Transcript::octets() const { return canonical(*value_); }

Status Transcript::add(const CeremonyStep& step, Time at) {
  for (const Value& known : value_->at("steps"))
    if (known.at("act") == step.act && known.at("of") == step.of) return {};
  if (ended_) return fail(ErrorCode::internal, "transcript: it has ended without this step: " + step.act + " " + step.of);
  Value value = {{"at", to_rfc3339(at)}, {"act", step.act}, {"of", step.of}, {"found", step.found}};
  for (const auto& [name, fact] : step.facts) value[name] = fact;
  (*value_)["steps"].push_back(std::move(value));
  return write_file(draft(), octets());
}

Result<Sha256> Transcript::end(const std::vector<Participant>& officers, Time at) {
  if (!ended_) {
    (*value_)["officers"] = participants(officers);
    (*value_)["ended_at"] = to_rfc3339(at);
    ANTIN_CHECK(write_file(transcript_file(home_, name_), octets()));
    ended_ = true;
  }
  std::error_code error;
  std::filesystem::remove(draft(), error);  // of no use beside the final one, which is read first
  return sha256(bytes_of(octets()));
}

Result<Value> read_transcript(ByteView octets) {
  const auto none = [] {
    return fail(ErrorCode::invalid_argument, "transcript: it is none of antin-ceremony-transcript-1, or not canonical");
  };
  if (octets.size() > largest) return none();
  Value value = Value::parse(text_of(octets), nullptr, false);
  if (!value.is_object() || canonical(value) != text_of(octets)) return none();
  for (const char* member : {"format", "kind", "name", "file", "title", "place", "ended_at"})
    if (!value.contains(member) || !value.at(member).is_string()) return none();
  for (const char* member : {"runs", "steps", "officers", "witnesses"})
    if (!value.contains(member) || !value.at(member).is_array()) return none();
  for (const Value& step : value.at("steps"))
    for (const char* member : {"at", "act", "of"})
      if (!step.contains(member) || !step.at(member).is_string()) return none();
  for (const Value& officer : value.at("officers"))
    if (!officer.contains("name") || !officer.at("name").is_string()) return none();
  if (value.at("format") != format) return none();
  return value;
}

}  // namespace antin::commands
