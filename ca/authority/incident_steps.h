// What the parts of an incident share. Only for ca/authority.
#pragma once

#include "ca/authority/incident.h"

namespace antin::authority {

// The two lists of an incident, from its certificates in the order of their ids. Each is taken once.
class ListHasher {
 public:
  void add(const std::string& id, const std::string& obstacle);
  FrozenList certificates();
  FrozenList left_out();

 private:
  std::uint64_t certificates_ = 0, left_out_ = 0;
  Hasher certificates_hasher_, left_out_hasher_;
};

// Calls for each certificate of the incident, in the order of their ids; `open`: those alone that are still to be
// ended.
Status for_each_certificate(store::Store& store, std::uint64_t incident, bool open,
                            const std::function<Status(const store::IncidentCertificate&)>& visit);
// data_loss unless the certificates that the store has of it are those whose digests were approved.
Status check_frozen(store::Store& store, const Incident& incident);
// A suspension, revocation or resumption by an incident: event and log entry, in the caller's transaction.
Status end_within(store::Transaction& transaction, const store::RevocationEvent& event, ByteView incident_hash);

}  // namespace antin::authority
