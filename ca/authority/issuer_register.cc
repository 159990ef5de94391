#include "ca/authority/issuer_register.h"

#include <algorithm>
#include <tuple>

#include "base/digest.h"
#include "base/encoding.h"

namespace antin::authority {
namespace {

constexpr std::size_t longest_name = 40;

std::unexpected<Error> refuse(const std::string& why) { return fail(ErrorCode::failed_precondition, "issuer: " + why); }

bool all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::string key_hash_of(const x509::Certificate& certificate) { return to_hex(sha256(certificate.public_key_info())); }

// The ceremony's, in the order in which it makes them.
std::size_t place(std::string_view name) {
  constexpr std::string_view order[] = {root_bloc, "party", "government"};
  return static_cast<std::size_t>(std::ranges::find(order, name) - std::begin(order));
}

void set(RegisteredIssuer& issuer, x509::Certificate certificate) {
  if (const auto algorithm = hsm::key_algorithm_of(certificate.public_key_info())) issuer.algorithm = *algorithm;
  issuer.certificate = std::move(certificate);
}

bool has_ml_dsa(const RegisteredIssuer& issuer) { return issuer.algorithm && hsm::is_ml_dsa(*issuer.algorithm); }

// Whether the newer one of two issues what the older one did.
bool succeeds(const RegisteredIssuer& newer, const RegisteredIssuer& older) {
  return has_ml_dsa(newer) || has_ml_dsa(older) ? newer.algorithm == older.algorithm : true;
}

// Who certifies an issuing CA with this kind of key: for ML-DSA a root of ML-DSA, the strongest, when there is one.
Result<const RegisteredIssuer*> root_for(const IssuerRegister& issuers, std::optional<hsm::KeyAlgorithm> key, Time now) {
  using enum hsm::KeyAlgorithm;
  if (key && hsm::is_ml_dsa(*key))
    for (const hsm::KeyAlgorithm kind : {ml_dsa_87, ml_dsa_65, ml_dsa_44})
      if (const RegisteredIssuer* root = issuers.issuing(root_bloc, now, kind)) return root;
  return issuers.to_issue(root_bloc, now);
}

// Which of two of one bloc is the newer one.
auto rank(const RegisteredIssuer& issuer) { return std::tuple(issuer.issues_from, issuer.proposal); }

Status check_adopted(const IssuerChange& change) {
  ANTIN_TRY(const x509::Certificate certificate, in(change.name, x509::Certificate::from_der(change.certificate)));
  const auto usage = certificate.key_usage();
  // Without a keyUsage, as `openssl ca` made them for years, it may sign both.
  if (!certificate.is_ca() || !certificate.subject_key_id() || (usage && !(usage->key_cert_sign && usage->crl_sign)))
    return refuse(change.name + ": its certificate is not one of an authority");
  if (key_hash_of(certificate) != change.key) return refuse(change.name + ": its certificate is of another key");
  if (change.name == bloc_of(change.name) || generation_of(change.name) != 0)
    return refuse(change.name + ": the name of an adopted issuer is its bloc, a hyphen and a word, as government-old");
  if (from_hex(change.holdings).value_or(Bytes()).size() != sizeof(Sha256))
    return refuse(change.name + ": it is not said what it brings along");
  return {};
}

// The old system may have gone on after the first decision: until its certificates are here, a second one counts.
bool gives_way(const RegisteredIssuer& known, const IssuerChange& change) {
  return change.adopted() && known.name == change.name && known.key == change.key && !known.holdings.empty() &&
         !known.took_holdings;
}

}  // namespace

std::string bloc_of(std::string_view issuer_name) { return std::string(issuer_name.substr(0, issuer_name.find('-'))); }

unsigned generation_of(std::string_view issuer_name) {
  const std::size_t hyphen = issuer_name.find('-');
  if (hyphen == std::string_view::npos) return 1;
  const std::string_view number = issuer_name.substr(hyphen + 1);
  if (!all_digits(number) || number.size() > 4 || number.front() == '0') return 0;
  return static_cast<unsigned>(std::stoul(std::string(number)));
}

bool is_issuer_name(std::string_view name) {
  const auto inside = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !name.empty() && name.size() <= longest_name && std::ranges::all_of(name, inside) && name.front() != '-' &&
         name.back() != '-' && name.find("--") == std::string_view::npos;
}

void IssuerRegister::add_of_ceremony(const std::string& name, const std::string& certificate_id,
                                     x509::Certificate certificate) {
  if (find(name) != nullptr) return;
  RegisteredIssuer issuer;
  issuer.name = issuer.token = name;
  issuer.issued_by = root_bloc;
  issuer.key = key_hash_of(certificate);
  issuer.certificate_id = certificate_id;
  set(issuer, std::move(certificate));
  issuer.issues_from = Time{};
  issuer.in_service = true;
  const auto after =
      std::ranges::find_if(issuers_, [&](const RegisteredIssuer& other) { return place(other.name) > place(name); });
  issuers_.insert(after, std::move(issuer));
}

Status IssuerRegister::check_place(const IssuerChange& change) const {
  const std::string& name = change.name;
  const std::string bloc = bloc_of(name);
  if (!is_issuer_name(name) || (bloc != root_bloc && bloc != "party" && bloc != "government"))
    return refuse("the name " + name + " does not begin with root, party or government");
  const RegisteredIssuer* same = find(name);
  if (same != nullptr && !gives_way(*same, change)) return refuse(name + ": there is one of that name already");
  if (change.token.empty()) return refuse(name + ": no token is named for its key");
  for (const RegisteredIssuer& other : issuers_)
    if (other.key == change.key && &other != same)
      return refuse(name + ": its key is the one of " + other.name + " already");
  if (change.adopted()) return check_adopted(change);
  const RegisteredIssuer* before = find(change.follows);
  if (before == nullptr || bloc_of(change.follows) != bloc)
    return refuse(name + ": there is no issuer " + change.follows + " that it could follow");
  if (generation_of(name) != before->generation + 1 || before->generation == 0)
    return refuse(name + " is not the generation after " + change.follows);
  if (!change.issues_from || change.issues_from < before->issues_from)
    return refuse(name + ": it would issue before " + change.follows);
  if (bloc == root_bloc) {
    if (change.issued_by == name) return {};
    return refuse(name + ": a root certifies itself");
  }
  const RegisteredIssuer* root = find(change.issued_by);
  if (root != nullptr && root->is_root() && root->generation != 0) return {};
  return refuse(name + ": there is no root " + change.issued_by + " that could certify it");
}

Status IssuerRegister::check(const IssuerChange& change) const {
  ANTIN_CHECK(check_place(change));
  for (const std::string& needed : {change.follows, change.issued_by}) {
    const RegisteredIssuer* issuer = find(needed);
    if (issuer != nullptr && !issuer->in_service)
      return refuse(needed + " is not in service yet: end its roll-over first");
  }
  return {};
}

void IssuerRegister::add(const IssuerChange& change, std::uint64_t proposal, std::string proposal_hash) {
  if (!check_place(change)) return;
  RegisteredIssuer issuer;
  issuer.name = change.name;
  issuer.token = change.token;
  issuer.issued_by = change.issued_by;
  issuer.follows = change.follows;
  issuer.generation = generation_of(change.name);
  issuer.key = change.key;
  issuer.issues_from = change.issues_from;
  issuer.holdings = change.holdings;
  issuer.proposal = proposal;
  issuer.proposal_hash = std::move(proposal_hash);
  if (change.adopted()) {
    auto certificate = x509::Certificate::from_der(change.certificate);
    if (!certificate) return;
    set(issuer, *std::move(certificate));
  }
  std::erase_if(issuers_, [&](const RegisteredIssuer& other) { return other.name == issuer.name; });
  issuers_.push_back(std::move(issuer));
}

Status IssuerRegister::take_holdings(const std::string& name, const std::string& digest) {
  RegisteredIssuer* issuer = find_mutable(name);
  if (issuer == nullptr || issuer->holdings.empty())
    return refuse(name + ": officers did not decide to adopt it: see `antin proposal list`");
  if (issuer->holdings != digest)
    return refuse(name + ": what it brings along is not what officers decided on: propose it again as it is now");
  if (issuer->took_holdings) return refuse(name + ": what it brings along is here already");
  issuer->took_holdings = true;
  return {};
}

void IssuerRegister::set_certificate(const std::string& name, const std::string& certificate_id,
                                     x509::Certificate certificate) {
  RegisteredIssuer* issuer = find_mutable(name);
  if (issuer == nullptr) return;
  issuer->certificate_id = certificate_id;
  set(*issuer, std::move(certificate));
}

Status IssuerRegister::put_in_service(const std::string& name) {
  RegisteredIssuer* issuer = find_mutable(name);
  if (issuer == nullptr || !issuer->certificate)
    return refuse(name + ": no certificate was made for it by the officers' decision");
  if (!issuer->holdings.empty() && !issuer->took_holdings)
    return refuse(name + ": the certificates that it brings along are not here yet");
  issuer->in_service = true;
  return {};
}

void IssuerRegister::set_stopped(const std::string& certificate_id, bool stopped) {
  if (certificate_id.empty()) return;
  for (RegisteredIssuer& issuer : issuers_)
    if (issuer.certificate_id == certificate_id) issuer.stopped = stopped;
}

RegisteredIssuer* IssuerRegister::find_mutable(std::string_view name) {
  const auto found = std::ranges::find(issuers_, name, &RegisteredIssuer::name);
  return found == issuers_.end() ? nullptr : &*found;
}

Result<IssuerChange> IssuerRegister::next_generation(const std::string& bloc, Time now,
                                                     std::optional<hsm::KeyAlgorithm> key) const {
  const RegisteredIssuer* newest = nullptr;
  for (const RegisteredIssuer& issuer : issuers_) {
    if (bloc_of(issuer.name) != bloc || issuer.generation == 0) continue;
    if (newest == nullptr || issuer.generation > newest->generation) newest = &issuer;
  }
  if (newest == nullptr) return fail(ErrorCode::not_found, "issuer: there is none " + bloc + ": see `antin ca list`");
  IssuerChange change;
  change.name = change.token = change.issued_by = bloc + "-" + std::to_string(newest->generation + 1);
  change.follows = newest->name;
  if (bloc == root_bloc) return change;
  ANTIN_TRY(const RegisteredIssuer* root, root_for(*this, key, now));
  change.issued_by = root->name;
  return change;
}

const RegisteredIssuer* IssuerRegister::find(std::string_view name) const {
  const auto found = std::ranges::find(issuers_, name, &RegisteredIssuer::name);
  return found == issuers_.end() ? nullptr : &*found;
}

const RegisteredIssuer* IssuerRegister::of_proposal(std::string_view proposal_hash) const {
  if (proposal_hash.empty()) return nullptr;
  const auto found = std::ranges::find(issuers_, proposal_hash, &RegisteredIssuer::proposal_hash);
  return found == issuers_.end() ? nullptr : &*found;
}

const RegisteredIssuer* IssuerRegister::newest_of(std::string_view bloc, Time at,
                                                  std::optional<hsm::KeyAlgorithm> wanted) const {
  const RegisteredIssuer* found = nullptr;
  for (const RegisteredIssuer& issuer : issuers_) {
    if (!issuer.in_service || !issuer.issues_from || *issuer.issues_from > at || bloc_of(issuer.name) != bloc) continue;
    if (wanted ? issuer.algorithm != wanted : has_ml_dsa(issuer)) continue;
    if (found == nullptr || rank(issuer) > rank(*found)) found = &issuer;
  }
  return found;
}

const RegisteredIssuer* IssuerRegister::issuing(std::string_view bloc, Time at,
                                                std::optional<hsm::KeyAlgorithm> wanted) const {
  const RegisteredIssuer* found = newest_of(bloc, at, wanted);
  return found == nullptr || found->stopped ? nullptr : found;
}

Result<const RegisteredIssuer*> IssuerRegister::to_issue(std::string_view bloc, Time at,
                                                         std::optional<hsm::KeyAlgorithm> wanted) const {
  const RegisteredIssuer* found = newest_of(bloc, at, wanted);
  if (found == nullptr) return fail(ErrorCode::failed_precondition, "no issuing CA for the bloc " + std::string(bloc));
  if (!found->stopped) return found;
  return refuse("the certificate of " + found->name +
                " is revoked or suspended, so it issues nothing: make the next one with `antin ca roll-over propose`");
}

bool IssuerRegister::issues(std::string_view name, Time at, std::optional<hsm::KeyAlgorithm> wanted) const {
  const RegisteredIssuer* issuer = issuing(bloc_of(name), at, wanted);
  return issuer != nullptr && issuer->name == name;
}

std::optional<Time> IssuerRegister::issues_until(std::string_view name) const {
  const RegisteredIssuer* issuer = find(name);
  std::optional<Time> until;
  if (issuer == nullptr) return until;
  for (const RegisteredIssuer& other : issuers_) {
    if (!other.in_service || !other.issues_from || bloc_of(other.name) != bloc_of(name)) continue;
    if (!succeeds(other, *issuer)) continue;
    if (rank(other) > rank(*issuer) && (!until || *other.issues_from < *until)) until = other.issues_from;
  }
  return until;
}

}  // namespace antin::authority
