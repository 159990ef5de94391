// What there is of an old authority, and what is doubtful about it.
#include <algorithm>
#include <map>

#include "ca/issuance/key_gate.h"
#include "ca/migration/old_authority.h"
#include "ca/x509/signature_check.h"
#include "hsm/public_key.h"

namespace antin::migration {
namespace {

using State = IndexLine::State;

class Surveyor {
 public:
  Surveyor(const OldAuthority& old, Time now) : old_(old), now_(now) {}

  Survey survey() {
    look_at_authority();
    for (const UnreadableLine& one : old_.unreadable_lines) doubt(one.number, {}, "move.line", {one.error.message});
    for (const auto& one : old_.issued.unreadable) doubt(0, one.file, "move.unreadable", {one.error.message});
    for (const auto& one : old_.issued.certificates) look_at_certificate(one);
    for (const IndexLine& line : old_.lines) look_at_line(line);
    if (old_.has_index) look_for_lines();
    if (old_.list) look_at_list(*old_.list);
    look_at_numbers();
    for (const auto& [serial, one] : certificates_) count(serial, one->certificate);
    return std::move(survey_);
  }

 private:
  void doubt(std::uint64_t line, const Path& file, std::string rule, std::vector<std::string> arguments,
             bool error = true) {
    survey_.doubts.push_back({line, file, std::move(rule), std::move(arguments), error});
  }

  void look_at_authority() {
    const auto usage = old_.certificate.key_usage();
    if (!old_.certificate.is_ca() || (usage && (!usage->key_cert_sign || !usage->crl_sign)))
      doubt(0, {}, "move.not_authority", {old_.certificate.subject().rfc4514()});
    if (old_.certificate.not_after() < now_)
      doubt(0, {}, "move.authority_expired", {old_.certificate.subject().rfc4514()});
    if (!old_.certificate.subject_key_id()) doubt(0, {}, "move.no_key_id", {});
    look_at_key({}, old_.certificate);
  }

  // It moves in all the same, so that it can be revoked.
  void look_at_key(const Path& file, const x509::Certificate& certificate) {
    if (const Status good = issuance::check_key(certificate.public_key_info()); !good)
      doubt(0, file, "move.weak_key", {good.error().message, certificate.serial().hex()}, false);
  }

  bool is_ours(const x509::Certificate& one) const {
    if (!equal(old_.certificate.subject().der(), one.issuer().der())) return false;
    const auto key = hsm::read_public_key(old_.certificate.public_key_info());
    return key &&
           x509::check_signature(key->get(), one.signature_algorithm(), one.tbs(), one.signature()).value_or(false);
  }

  void look_at_certificate(const foreign::FoundCertificate& found) {
    const x509::SerialNumber& serial = found.certificate.serial();
    if (!is_ours(found.certificate)) return doubt(0, found.file, "move.other_issuer", {serial.hex()});
    if (!x509::SerialNumber::from_unsigned(serial.magnitude()) || serial.negative())
      return doubt(0, found.file, "move.serial_unfit", {serial.hex()});
    const auto [before, fresh] = certificates_.emplace(serial, &found);
    if (!fresh && !(before->second->certificate == found.certificate))
      doubt(0, found.file, "move.serial_of_two", {serial.hex(), before->second->file.string()});
    if (fresh) look_at_key(found.file, found.certificate);
  }

  void look_at_line(const IndexLine& line) {
    const std::string serial = line.serial.hex();
    const auto [before, fresh] = lines_.emplace(line.serial, &line);
    if (!fresh) return doubt(line.number, {}, "move.line_twice", {serial, std::to_string(before->second->number)});
    const auto found = certificates_.find(line.serial);
    if (found == certificates_.end()) return look_at_lost(line);
    const x509::Certificate& certificate = found->second->certificate;
    if (certificate.not_after() != line.expiry) doubt(line.number, {}, "move.expiry_differs", {serial});
    if (line.state == State::expired && certificate.not_after() > now_)
      doubt(line.number, {}, "move.expired_early", {serial});
    if (line.state == State::revoked) look_at_revocation(line, certificate);
  }

  // One that is revoked stays on lists by its serial; one that has ended needs nobody; any other must be found.
  void look_at_lost(const IndexLine& line) {
    const std::string serial = line.serial.hex();
    if (line.state == State::revoked) {
      doubt(line.number, {}, "move.lost_revoked", {serial}, false);
      return look_at_revocation(line);
    }
    if (line.expiry < now_) return doubt(line.number, {}, "move.lost_expired", {serial}, false);
    doubt(line.number, {}, "move.no_certificate", {serial});
  }

  void look_at_revocation(const IndexLine& line, const x509::Certificate& certificate) {
    look_at_revocation(line);
    if (line.revoked_at && *line.revoked_at < certificate.not_before())
      doubt(line.number, {}, "move.revoked_before_issue", {line.serial.hex()}, false);
  }

  void look_at_revocation(const IndexLine& line) {
    const std::string serial = line.serial.hex();
    if (!line.revoked_at) return doubt(line.number, {}, "move.undated", {serial});
    if (*line.revoked_at > now_) doubt(line.number, {}, "move.revoked_in_future", {serial});
    if (line.reason == x509::RevocationReason::remove_from_crl) doubt(line.number, {}, "move.bad_reason", {serial});
  }

  void look_for_lines() {
    for (const auto& [serial, found] : certificates_)
      if (!lines_.contains(serial)) doubt(0, found->file, "move.no_line", {serial.hex()});
  }

  void look_at_list(const x509::Crl& list) {
    if (!list.signed_by(old_.certificate).value_or(false)) return doubt(0, {}, "move.list_not_signed", {});
    // One error of the list is enough: it is read whole before anything is believed.
    const auto read = list.for_each([&](const x509::CrlEntry& entry) -> Status {
      look_at_entry(entry);
      return {};
    });
    if (!read) doubt(0, {}, "move.list_unreadable", {read.error().message});
    if (!old_.has_index) return;
    for (const auto& [serial, line] : lines_) look_for_entry(list, *line);
  }

  void look_at_entry(const x509::CrlEntry& entry) {
    const std::string serial = entry.serial.hex();
    if (entry.reason == x509::RevocationReason::remove_from_crl) doubt(0, {}, "move.bad_reason", {serial});
    if (entry.revoked_at > now_) doubt(0, {}, "move.revoked_in_future", {serial});
    if (!x509::SerialNumber::from_unsigned(entry.serial.magnitude()) || entry.serial.negative())
      doubt(0, {}, "move.serial_unfit", {serial});
    if (!certificates_.contains(entry.serial) && !old_.has_index)
      return doubt(0, {}, "move.listed_unknown", {serial}, false);
    if (!old_.has_index) return;
    const auto line = lines_.find(entry.serial);
    if (line == lines_.end()) return doubt(0, {}, "move.listed_without_line", {serial});
    const IndexLine& said = *line->second;
    if (said.state != State::revoked) return doubt(said.number, {}, "move.listed_not_revoked", {serial});
    if (said.revoked_at && (*said.revoked_at != entry.revoked_at || said.reason != entry.reason))
      doubt(said.number, {}, "move.listed_otherwise", {serial});
  }

  // What was revoked after the list was made cannot be on it, nor need what has ended.
  void look_for_entry(const x509::Crl& list, const IndexLine& line) {
    const bool expected = line.state == State::revoked && line.revoked_at && *line.revoked_at < list.this_update() &&
                          line.expiry >= list.this_update();
    if (expected && !list.find(line.serial)) doubt(line.number, {}, "move.not_listed", {line.serial.hex()});
  }

  void look_at_numbers() {
    if (old_.next_serial && (lines_.contains(*old_.next_serial) || certificates_.contains(*old_.next_serial)))
      doubt(0, {}, "move.next_serial_taken", {old_.next_serial->hex()}, false);
    const std::optional<Bytes> number = old_.list ? old_.list->number() : std::nullopt;
    if ((number && number->size() > 7) || old_.next_crl_number.value_or(0) >> 56 != 0)
      return doubt(0, {}, "move.list_number", {});
    std::uint64_t listed = 0;
    const Bytes octets = number.value_or(Bytes());
    for (const std::uint8_t octet : octets) listed = listed << 8 | octet;
    if (old_.next_crl_number && *old_.next_crl_number <= listed && listed != 0)
      doubt(0, {}, "move.crl_number_behind", {std::to_string(*old_.next_crl_number), std::to_string(listed)}, false);
    const std::uint64_t last = old_.next_crl_number.value_or(0);
    survey_.above_crl_number = std::max(listed, last == 0 ? 0 : last - 1);
  }

  bool is_revoked(const x509::SerialNumber& serial) const {
    if (const auto line = lines_.find(serial); line != lines_.end()) return line->second->state == State::revoked;
    return !old_.has_index && old_.list && old_.list->find(serial);
  }

  void count(const x509::SerialNumber& serial, const x509::Certificate& certificate) {
    ++(is_revoked(serial) ? survey_.revoked : certificate.not_after() < now_ ? survey_.expired : survey_.valid);
  }

  const OldAuthority& old_;
  Time now_;
  Survey survey_;
  std::map<x509::SerialNumber, const foreign::FoundCertificate*> certificates_;  // that it issued
  std::map<x509::SerialNumber, const IndexLine*> lines_;
};

}  // namespace

Survey survey_of(const OldAuthority& old, Time now) { return Surveyor(old, now).survey(); }

}  // namespace antin::migration
