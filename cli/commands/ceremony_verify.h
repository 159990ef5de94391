// What a transcript says, held against the home: its log, its certificates, its lists, and the officers' signatures.
#pragma once

#include "cli/commands/home_session.h"

namespace antin::commands {

struct TranscriptFinding {
  std::string rule;  // a message id of the catalogue
  std::vector<std::string> arguments;
};
struct TranscriptSigner {
  std::string name, certificate;  // of a witness: the label of the token
  std::optional<Time> signed_at;  // none: the signature is missing or does not hold
  bool witness = false;           // one who signs with a token, as those of an officers' ceremony do
};
struct TranscriptReport {
  std::string name, file, sha256;  // file: SHA-256 of the ceremony file
  std::vector<TranscriptSigner> signers;
  std::vector<TranscriptFinding> findings;  // none: it is true
  bool whole() const;                       // every officer signed
};
// Of a final transcript. Whatever does not hold is a finding; an Error is a home that cannot be read.
Result<TranscriptReport> verify_transcript(Session& session, OpenHome& home, ByteView octets);

// The signatures of one ceremony with what verifies them, for the file beside the transcript.
Result<std::string> ceremony_signatures(Session& session, OpenHome& home, const std::string& name);

}  // namespace antin::commands
