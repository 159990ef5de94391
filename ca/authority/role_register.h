// RoleRegister: who holds which role, which profiles are in force, which issuers there are and which cross certificates
// were decided on, from acts in their order. The audit feeds it from the log, the authority from its store
// (read_roles).
//
// Officers are those of the ceremony, those to whom officers gave the role, and those of a later ceremony with the
// root's key (officer_ceremony.h).
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "ca/authority/persons.h"
#include "ca/authority/proposal.h"
#include "ca/x509/certificate.h"

namespace antin::authority {

struct RoleHolder {
  Role role = Role::auditor;
  std::string certificate_id, subject, account;
  std::uint64_t proposal = 0;  // its number; 0: the ceremony
};

class RoleRegister {
 public:
  using FindCertificate = std::function<Result<x509::Certificate>(const std::string& id)>;
  // `find` is asked for the certificates that proposals name; their digests are compared.
  explicit RoleRegister(FindCertificate find) : find_(std::move(find)) {}

  void require(unsigned approvals) { required_ = std::max(required_, approvals); }
  void add_officer_of_ceremony(const std::string& id, const x509::Certificate& certificate);
  // Revoked or suspended, or valid again: an officer's certificate, or an issuer's.
  void set_stopped(const std::string& certificate_id, bool stopped);

  // data_loss for content that is none, has another hash, or is not the next in number. `at_once`: by the ceremony.
  Status propose(ByteView hash, ByteView content, bool at_once);
  // An approval that does not hold changes nothing.
  Status approve(ByteView hash, const std::string& officer_id, Time at, ByteView signature);

  // The subject of the officer, none when an approval by this certificate at this time counts for nothing.
  const std::string* officer(const std::string& certificate_id, Time at) const;
  // As of now: a clock that went backwards is refused where something is written, and makes nobody less of an officer.
  const std::string* officer_today(const std::string& certificate_id, Time now) const;
  // Whether `signature` over `statement` is this officer's, by the default scheme of the key.
  bool signed_by(const std::string& officer_id, ByteView statement, ByteView signature) const;
  const Bytes* officer_key(const std::string& certificate_id) const;  // SubjectPublicKeyInfo
  // Persons who are officers at that time; without those of this certificate alone, when one is named.
  std::size_t officers_at(Time at, const std::string& without = {}) const;
  // Whose certificates those of officers are, those of former ones among them.
  const Persons& persons() const noexcept { return persons_; }

  struct State {
    Proposal proposal;
    Bytes hash;
    std::set<std::string> approved_by;  // certificate ids, of different persons
    bool in_force = false;
  };
  const State* find(ByteView hash) const;
  const std::map<std::uint64_t, State>& proposals() const noexcept { return proposals_; }
  unsigned required(const Proposal& proposal) const { return std::max(required_, proposal.required); }
  const std::vector<RoleHolder>& holders() const noexcept { return holders_; }
  const issuance::ProfileSet& profiles() const noexcept { return profiles_; }
  const IssuerRegister& issuers() const noexcept { return issuers_; }
  IssuerRegister& issuers() noexcept { return issuers_; }
  // Of two of one name the first one counts; one whose form does not hold changes nothing.
  const std::vector<RegisteredCross>& crosses() const noexcept { return crosses_; }
  const RegisteredCross* find_cross(std::string_view name) const;
  const RegisteredCross* cross_of_proposal(std::string_view proposal_hash) const;
  void set_cross_certificate(std::string_view proposal_hash, const std::string& certificate_id);

 private:
  struct Officer {
    std::string subject;
    Bytes public_key_info;
    Time not_before, not_after;
  };
  void add_officer(const std::string& id, const x509::Certificate& certificate);
  Status put_in_force(State& state);
  Status change_role(const RoleChange& change, std::uint64_t number);
  void add_cross(const CrossChange& change, const State& state);

  FindCertificate find_;
  unsigned required_ = 0;
  std::map<std::string, Officer> officers_;  // by certificate id
  Persons persons_;
  std::set<std::string> stopped_;            // certificate ids
  std::map<std::uint64_t, State> proposals_;
  std::map<std::string, std::uint64_t> numbers_;  // by hash, hex
  std::vector<RoleHolder> holders_;
  issuance::ProfileSet profiles_;
  IssuerRegister issuers_;
  std::vector<RegisteredCross> crosses_;  // in the order of their proposals
};

// As of now: approvals are verified anew, and one counts when its officer was valid at its time. Officers who are
// revoked or suspended now are no officers now.
Result<RoleRegister> read_roles(store::Store& store, Time now);

}  // namespace antin::authority
