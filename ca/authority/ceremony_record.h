// Ceremony records: what the log says of ceremonies that were held by a file: when one began, the transcript that it
// ended with, and the officers who signed that. docs/formats/ceremony.md.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ca/authority/authority.h"

namespace antin::authority {

struct CeremonySignature {
  std::string officer_id;
  Time at;
  Bytes signature;  // over ceremony_statement, by the default scheme of the officer's key
};

struct CeremonyRecord {
  std::string name;        // of the issuer that was made: `root`, `party-2`
  std::string file;        // SHA-256 of the reviewed file, hex
  std::string transcript;  // SHA-256 of the transcript, hex; empty while the ceremony goes on
  Time begun;
  std::vector<CeremonySignature> signatures;  // of that transcript, in their order; not verified
  std::vector<CeremonySignature> witnesses;   // the same of witnesses, by their names (officer_ceremony.h)
};

// What an officer signs.
Bytes ceremony_statement(ByteView transcript_sha256, const std::string& officer_id);

// By name, in the order in which they began. data_loss for an entry that is not readable.
Result<std::vector<CeremonyRecord>> read_ceremonies(store::Store& store);
// not_found when no ceremony of this name was begun.
Result<CeremonyRecord> find_ceremony(store::Store& store, const std::string& name);

// The first act of a ceremony. The same again changes nothing; failed_precondition when it was begun by another file.
Status begin_ceremony(const Context& context, const std::string& name, const Sha256& file);
// Its last act. The same again changes nothing; failed_precondition when it ended with another transcript.
Status end_ceremony(const Context& context, const std::string& name, const Sha256& transcript);
// permission_denied for who is no officer now and for another's key; already_exists for a second signature;
// failed_precondition before the ceremony ended.
Status sign_ceremony(const Context& context, const std::string& name, const std::string& officer_id,
                     const hsm::SigningKey& key);
// Whether the signature holds: made by the key of a certificate of an officer, who was valid at that time.
Result<bool> verify_ceremony_signature(store::Store& store, const CeremonyRecord& record,
                                       const CeremonySignature& signature, Time now);

}  // namespace antin::authority
