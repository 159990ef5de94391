// IssuerRegister: which issuers an authority has, and which of them issues when, from acts in their order: those of the
// ceremony, and those that officers decided on. The audit feeds it from the log, the authority from its store
// (RoleRegister). docs/formats/proposal.md.
//
// An issuer is named by its bloc, `root`, `party` or `government`, and what tells it from the others of its bloc:
// nothing for the ceremony's, the generation for those that followed (`party-2`), a word for one that was adopted from
// another authority (`government-old`). Token, files and addresses have that name too.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "ca/x509/certificate.h"
#include "hsm/signing_key.h"

namespace antin::authority {

// The bloc of an issuer: what stands before the first hyphen of its name.
std::string bloc_of(std::string_view issuer_name);
inline constexpr std::string_view root_bloc = "root";
// The generation that a name tells: 1 for `party`, 2 for `party-2`; 0 for an adopted issuer.
unsigned generation_of(std::string_view issuer_name);
// Lower-case letters and digits in parts with single hyphens between them, at most 40 characters: safe in paths and
// addresses.
bool is_issuer_name(std::string_view name);

// What officers decide about an issuer: a new generation of a bloc whose key is in a token of ours, or one of another
// authority that is adopted with its certificate.
struct IssuerChange {
  std::string name;
  std::string token;                // label of the token that has the key
  std::string key;                  // SHA-256 of the SubjectPublicKeyInfo, hex
  std::string algorithm;            // of the key, for people: `p384`, `rsa-3072`
  std::optional<Time> issues_from;  // none: it signs lists alone, as an adopted issuer may
  std::string follows;              // the issuer whose name it takes over; empty: adopted
  std::string issued_by;            // the root that certifies it, its own name for a root; empty: adopted
  Bytes certificate;                // DER, of an adopted one; else empty, the certificate does not exist yet
  std::string holdings;             // digest of what an adopted one brings along (holdings.h); else empty
  std::string remark;

  bool adopted() const noexcept { return !certificate.empty(); }
  friend bool operator==(const IssuerChange&, const IssuerChange&) = default;
};

struct RegisteredIssuer {
  std::string name, token, issued_by, follows;
  unsigned generation = 1;
  std::string key;                             // SHA-256 of the SubjectPublicKeyInfo, hex
  std::optional<hsm::KeyAlgorithm> algorithm;  // of the certificate's key
  std::optional<Time> issues_from;             // the ceremony's: from the beginning; none: it signs lists alone
  std::uint64_t proposal = 0;                  // its number; 0: the ceremony
  std::string proposal_hash;                   // hex; empty: the ceremony
  std::string certificate_id;                  // in the store; empty before it is issued, and of an adopted one
  std::string holdings;                        // of an adopted one, hex; else empty
  bool took_holdings = false;                  // they are in the store
  bool in_service = false;  // its certificate and first list were published; the last act that makes an issuer
  bool stopped = false;     // its certificate is revoked or suspended: it signs lists alone
  std::optional<x509::Certificate> certificate;

  bool is_root() const { return bloc_of(name) == root_bloc; }
};

class IssuerRegister {
 public:
  void add_of_ceremony(const std::string& name, const std::string& certificate_id, x509::Certificate certificate);
  // failed_precondition: why this change should not be proposed or come into force now.
  Status check(const IssuerChange& change) const;
  // A change that officers put in force. Of an adopted issuer that brought nothing yet it takes the place: the old
  // system may have gone on after the first decision. One that has no place in the register changes nothing: of two
  // that want one name the first counts.
  void add(const IssuerChange& change, std::uint64_t proposal, std::string proposal_hash);
  // The certificate that the authority made for it. Of a stranger's name: nothing happens.
  void set_certificate(const std::string& name, const std::string& certificate_id, x509::Certificate certificate);
  // What an adopted one brings along is here. failed_precondition unless it is what officers decided on, once.
  Status take_holdings(const std::string& name, const std::string& digest);
  // From now on it signs lists, and issues from its time on. failed_precondition for one without a certificate.
  Status put_in_service(const std::string& name);

  // The certificate of this id was revoked or suspended, or resumed; of an issuer's: it issues nothing meanwhile.
  void set_stopped(const std::string& certificate_id, bool stopped);

  // The generation after the newest one of a bloc, adopted ones aside, certified by the root that issues at `now`, or
  // by itself when it is one: name, token of that name, `follows` and `issued_by`. not_found without such a bloc,
  // failed_precondition without a root.
  // One whose key is to be of ML-DSA is certified by a root of ML-DSA when there is one.
  Result<IssuerChange> next_generation(const std::string& bloc, Time now,
                                       std::optional<hsm::KeyAlgorithm> key = std::nullopt) const;
  const std::vector<RegisteredIssuer>& all() const noexcept { return issuers_; }
  const RegisteredIssuer* find(std::string_view name) const;
  const RegisteredIssuer* of_proposal(std::string_view proposal_hash) const;
  // The one that issues for a bloc at a time: of those in service, and with that kind of key when one is wanted
  // (Profile::issuer_key), the one whose time came last; none when none is, and when that one is stopped: officers
  // decided that the one before issues no more. One with a key of ML-DSA, which few who must verify can read yet,
  // issues where that kind is wanted and nowhere else.
  const RegisteredIssuer* issuing(std::string_view bloc, Time at,
                                  std::optional<hsm::KeyAlgorithm> wanted = std::nullopt) const;
  // The same, and why none issues: failed_precondition.
  Result<const RegisteredIssuer*> to_issue(std::string_view bloc, Time at,
                                           std::optional<hsm::KeyAlgorithm> wanted = std::nullopt) const;
  bool issues(std::string_view name, Time at, std::optional<hsm::KeyAlgorithm> wanted = std::nullopt) const;
  // When another one of its bloc takes over; none: it goes on. Its lists go on anyway. Beside one of ML-DSA the others
  // go on, and it beside them.
  std::optional<Time> issues_until(std::string_view name) const;

 private:
  const RegisteredIssuer* newest_of(std::string_view bloc, Time at, std::optional<hsm::KeyAlgorithm> wanted) const;
  Status check_place(const IssuerChange& change) const;
  RegisteredIssuer* find_mutable(std::string_view name);
  std::vector<RegisteredIssuer> issuers_;  // root, party, government, then in the order in which they came
};

}  // namespace antin::authority
