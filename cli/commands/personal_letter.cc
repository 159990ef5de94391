#include "cli/commands/personal_letter.h"

#include <nlohmann/json.hpp>
#include <system_error>

#include "base/encoding.h"
#include "ca/authority/row_tbs.h"
#include "ca/personal/random_pin.h"
#include "cli/commands/pin_letter.h"
#include "cli/wiring/issuers.h"

namespace antin::commands {
namespace {

using store::PersonalAct;
using store::PersonalToken;

Path draft_of(const Path& folder, const PersonalToken& token) { return folder / (token.id + ".pdf"); }
Path place_file(const Path& folder, const PersonalToken& token) { return folder / (token.id + ".to"); }

Result<PinLetter> content_of(Session& session, OpenHome& home, const PersonalToken& token, bool again) {
  const PersonalToken::Event* written = personal::last(token, PersonalAct::certificate);
  if (written == nullptr)
    return fail(ErrorCode::failed_precondition, "token " + token.label + ": has no certificate yet");
  ANTIN_TRY(const store::CertificateRecord record, home.store->certificate(written->certificate, session.now()));
  ANTIN_TRY(const authority::Roster::Row row, personal::row_of(token));
  ANTIN_TRY(const x509::Certificate issuer, wiring::read_ca_certificate(session.home, record.issuer));
  std::string unit = authority::field_of(row, "ou");
  const std::string organisation = authority::field_of(row, "o");
  if (!organisation.empty()) unit += (unit.empty() ? "" : ", ") + organisation;
  return PinLetter{.issuer = issuer.subject().first("O"),
                   .party = record.issuer == "party",
                   .again = again,
                   .name = authority::field_of(row, "cn"),
                   .unit = unit,
                   .code = token.subscriber,
                   .label = token.label,
                   .serial = personal::serial_of(token),
                   .certificate_serial = record.serial.hex(),
                   .not_before = record.not_before,
                   .not_after = record.not_after};
}

Status require_free(const Path& out) {
  std::error_code error;
  if (!std::filesystem::exists(out, error)) return {};
  return fail(ErrorCode::already_exists, "letter: " + out.string() + " is there: name another place");
}

// By rename, or where that is another file system, by a copy and the end of the draft.
Status hand_out(const Path& draft, const Path& out) {
  ANTIN_CHECK(require_free(out));
  if (out.has_parent_path()) ANTIN_CHECK(make_directories(out.parent_path()));
  std::error_code error;
  std::filesystem::rename(draft, out, error);
  if (!error) return {};
  ANTIN_TRY(Bytes pdf, read_file(draft));
  const Status written = write_file(out, pdf, 0600);
  wipe(pdf.data(), pdf.size());
  ANTIN_CHECK(written);
  std::filesystem::remove(draft, error);
  return error ? Status(fail(ErrorCode::unavailable, draft.string() + ": " + error.message())) : Status();
}

}  // namespace

Status write_letter(Session& session, OpenHome& home, Desk& desk, const PersonalToken& token, PersonalAct act,
                    const Path& out) {
  const Path folder = session.home.personal();
  ANTIN_CHECK(require_free(out));
  ANTIN_TRY(const PinLetter letter, content_of(session, home, token, act == PersonalAct::unblock));
  ANTIN_TRY(const forms::FormSet words, forms::form_set_at(session.now()));
  ANTIN_TRY(const hsm::TokenInfo info, desk.tray().find(token.label, letter.serial));
  ANTIN_TRY(const Secret so_pin, desk.so_pin(token));
  ANTIN_TRY(const Secret pin, personal::random_pin(session.random(), personal::user_pin_digits));
  ANTIN_TRY(Bytes pdf, in("letter of " + token.label, print_pin_letter(letter, pin, words, session.now())));
  const std::string hash = to_hex(sha256(pdf));
  const Status kept = write_file(draft_of(folder, token), pdf, 0600);
  wipe(pdf.data(), pdf.size());
  ANTIN_CHECK(kept);
  ANTIN_CHECK(write_file(place_file(folder, token), std::filesystem::absolute(out).string(), 0600));
  ANTIN_CHECK(desk.tray().set_user_pin(info, so_pin, pin));
  // From here on the letter exists: it is recorded before anybody can have it.
  ANTIN_CHECK(personal::record(home.context(session), token.id,
                               {.act = act,
                                .at = {},
                                .serial = letter.serial,
                                .request = {},
                                .certificate = {},
                                .remark = hash}));
  ANTIN_CHECK(hand_out(draft_of(folder, token), out));
  std::error_code ignored;
  std::filesystem::remove(place_file(folder, token), ignored);
  return {};
}

Result<std::vector<Path>> hand_out_letters(Session& session, OpenHome& home) {
  const Path folder = session.home.personal();
  std::vector<Path> places;
  ANTIN_TRY(const auto tokens, home.store->personal_tokens());
  for (const PersonalToken& token : tokens) {
    std::error_code error;
    const Result<Bytes> draft = read_file(draft_of(folder, token));
    if (draft && to_hex(sha256(*draft)) == personal::letter_of(token)) {
      ANTIN_TRY(const Bytes place, read_file(place_file(folder, token), 65536));
      const Path out{std::string(text_of(place))};
      const Result<Bytes> there = read_file(out);
      if (!there || !equal(*there, *draft)) ANTIN_CHECK(hand_out(draft_of(folder, token), out));
      places.push_back(out);
    }
    std::filesystem::remove(draft_of(folder, token), error);
    std::filesystem::remove(place_file(folder, token), error);
  }
  return places;
}

}  // namespace antin::commands
