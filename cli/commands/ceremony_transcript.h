// Transcript: what a ceremony by a file did, step by step, as canonical JSON whose SHA-256 the officers sign.
// docs/formats/ceremony.md.
//
// It is written to HOME/ceremonies/NAME.draft.json as each step ends, and becomes NAME.json at the end, which never
// changes again.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>

#include "cli/commands/ceremony.h"
#include "cli/wiring/ceremony_file.h"

namespace antin::commands {

// HOME/ceremonies/NAME.json.
Path transcript_file(const wiring::Home& home, const std::string& name);

struct Participant {
  std::string token;        // of an officer whose certificate comes with this home's first ceremony
  std::string certificate;  // id, of one who has it; else empty
  std::string name;
};

class Transcript {
 public:
  // Begins one, or goes on with what a killed run left. data_loss when that is not readable; failed_precondition when
  // it is of another file.
  static Result<Transcript> open(Session& session, const wiring::CeremonyFile& file);
  // A step that is there already is not written again.
  Status add(const CeremonyStep& step, Time at);
  // The digest of what is final from now on, for these officers to sign. Again: the same, nothing is written.
  Result<Sha256> end(const std::vector<Participant>& officers, Time at);
  bool ended() const noexcept { return ended_; }

 private:
  Transcript(wiring::Home home, std::string name) : home_(std::move(home)), name_(std::move(name)) {}
  Path draft() const { return home_.ceremonies() / (name_ + ".draft.json"); }
  std::string octets() const;
  wiring::Home home_;
  std::string name_;
  std::shared_ptr<nlohmann::json> value_;
  bool ended_ = false;
};

// The value of a final transcript. invalid_argument for octets that are none, or are not canonical.
Result<nlohmann::json> read_transcript(ByteView octets);

}  // namespace antin::commands
