// `antin token finish`: the certificates that officers approved go onto the tokens whose keys they certify; each key is
// tried with its certificate; then the PIN letters.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/commands/command.h"
#include "cli/commands/personal_letter.h"
#include "cli/commands/progress.h"
#include "cli/wiring/issuers.h"

namespace antin::commands {
namespace {

using personal::State;
using store::PersonalAct;
using store::PersonalToken;

struct FinishOptions {
  std::string out;
  std::vector<std::string> officers;
};

enum class Outcome { finished, no_certificate, no_token, set_aside };

// The certificate of the token's key, in force and the subscriber's own; none while it was not issued.
Result<std::optional<store::CertificateRecord>> certificate_for(Session& session, OpenHome& home,
                                                                const PersonalToken& token) {
  ANTIN_TRY(const Bytes key_hash, personal::key_hash_of(token));
  ANTIN_TRY(const auto issued, home.store->certificates_by_key(key_hash, session.now()));
  for (const store::CertificateRecord& record : issued) {
    if (record.subscriber != token.subscriber)
      return fail(ErrorCode::permission_denied, "token " + token.label + ": certificate " + record.id +
                                                    " with its key is another subscriber's: " + record.subscriber);
    if (record.status == store::CertificateStatus::valid) return std::optional(record);
  }
  if (issued.empty()) return std::nullopt;
  return fail(ErrorCode::failed_precondition, "token " + token.label + ": certificate " + issued.front().id +
                                                  " is not in force: `antin token recycle` frees the token");
}

// What other programs will look for: one CKA_ID for the private key, the public key and the certificate.
Status check_objects(hsm::Token& token, const hsm::KeyRef& name) {
  ANTIN_TRY(const auto keys, token.keys());
  for (const hsm::KeyInfo& info : keys)
    if (info.ref.id == name.id && info.has_private && info.has_public && info.has_certificate && info.sensitive &&
        !info.extractable)
      return {};
  return fail(ErrorCode::data_loss,
              "token " + token.info().label + ": key and certificate are not there as they were written");
}

Status write_certificates(Session& session, OpenHome& home, Desk& desk, const PersonalToken& token,
                          const hsm::TokenInfo& info, const store::CertificateRecord& record) {
  ANTIN_TRY(const x509::Certificate certificate, x509::Certificate::from_der(record.der));
  ANTIN_TRY(const Secret so_pin, desk.so_pin(token));
  ANTIN_TRY(const Secret user_pin, desk.passing_pin(session));
  ANTIN_CHECK(desk.tray().set_user_pin(info, so_pin, user_pin));
  ANTIN_TRY(const std::shared_ptr<hsm::Token> open, desk.open_token(info, user_pin));
  ANTIN_TRY(const hsm::KeyRef name, desk.tray().name_key(info));
  ANTIN_TRY(const auto key, open->find_key({name.id, ""}));
  if (!equal(key->public_key_info(), certificate.public_key_info()))
    return fail(ErrorCode::failed_precondition, "token " + token.label + ": its key is not that of certificate " +
                                                    record.id + ": this is the wrong token");
  ANTIN_CHECK(open->write_certificate({name.id, ""}, record.der));
  ANTIN_TRY(const auto chain, wiring::chain_of(session.home, certificate));
  for (const x509::Certificate& authority : chain) {
    const Bytes id = authority.subject_key_id().value_or(authority.fingerprint());
    ANTIN_CHECK(desk.tray().write_authority(info, {id, authority.subject().first("CN")}, authority.der()));
  }
  // No other certificate verifies what the key signs.
  ANTIN_CHECK(try_key(session, *key, certificate.public_key_info()));
  ANTIN_CHECK(check_objects(*open, name));
  return personal::record(home.context(session), token.id,
                          {.act = PersonalAct::certificate,
                           .at = {},
                           .serial = info.serial,
                           .request = {},
                           .certificate = record.id,
                           .remark = {}});
}

Result<Outcome> finish_token(Session& session, OpenHome& home, Desk& desk, PersonalToken token, const Path& folder) {
  if (personal::state_of(token) == State::keyed) {
    ANTIN_TRY(const auto record, certificate_for(session, home, token));
    if (!record) return Outcome::no_certificate;
    const Result<hsm::TokenInfo> info = desk.tray().find(token.label, personal::serial_of(token));
    if (!info && info.error().code == ErrorCode::unavailable) return Outcome::no_token;
    if (!info) return fail(info.error());
    ANTIN_CHECK(write_certificates(session, home, desk, token, *info, *record));
    ANTIN_TRY(const auto tokens, home.store->personal_tokens());
    ANTIN_TRY(token, personal::find(tokens, token.id));
  }
  const Result<hsm::TokenInfo> info = desk.tray().find(token.label, personal::serial_of(token));
  if (!info && info.error().code == ErrorCode::unavailable) return Outcome::no_token;
  ANTIN_CHECK(write_letter(session, home, desk, token, PersonalAct::letter, folder / (token.label + ".pdf")));
  ANTIN_CHECK(desk.pins().remove(token.id));  // its officers alone have it from here on
  return Outcome::finished;
}

struct Count {
  std::uint64_t finished = 0, no_certificate = 0, no_token = 0, set_aside = 0;
};

Json letters_value(const std::vector<Path>& letters) {
  Json all = Json::array();
  for (const Path& letter : letters) all.push_back(letter.string());
  return all;
}

Result<Count> finish_all(Session& session, OpenHome& home, const FinishOptions& options, std::vector<Path>& letters) {
  ANTIN_TRY(auto tokens, home.store->personal_tokens());
  ANTIN_TRY(auto from_escrow, open_escrows(session, home, options.officers, open_ones(tokens)));
  ANTIN_TRY(Desk desk, Desk::open(session, home, std::move(from_escrow)));
  ANTIN_TRY(letters, hand_out_letters(session, home));
  ANTIN_TRY(tokens, home.store->personal_tokens());  // as they are now that nobody else is at the desk
  std::vector<PersonalToken> open;
  for (const PersonalToken& token : tokens) {
    const State state = personal::state_of(token);
    if (state == State::keyed || state == State::certified) open.push_back(token);
    if (state == State::handed) ANTIN_CHECK(desk.pins().remove(token.id));  // an earlier run was stopped before it did
  }
  Count count;
  Progress progress(session, session.text("progress.finish"));
  for (std::size_t i = 0; i < open.size(); ++i) {
    Result<Outcome> outcome = finish_token(session, home, desk, open[i], options.out);
    if (!outcome) {
      ANTIN_CHECK(set_aside(session, home, open[i], outcome.error()));
      outcome = Outcome::set_aside;
    }
    if (*outcome == Outcome::finished) letters.push_back(Path(options.out) / (open[i].label + ".pdf"));
    ++(*outcome == Outcome::finished         ? count.finished
       : *outcome == Outcome::no_certificate ? count.no_certificate
       : *outcome == Outcome::no_token       ? count.no_token
                                             : count.set_aside);
    progress.update(i + 1, open.size());
  }
  return count;
}

Result<ExitCode> finish(Session& session, const FinishOptions& options) {
  ANTIN_TRY(OpenHome home, open_home(session, session.dry_run ? Access::read : Access::write));
  Count count;
  std::vector<Path> letters;
  if (session.dry_run) {
    ANTIN_TRY(const auto tokens, home.store->personal_tokens());
    for (const PersonalToken& token : tokens) {
      if (personal::state_of(token) == State::certified) ++count.finished;
      if (personal::state_of(token) != State::keyed) continue;
      ANTIN_TRY(const auto record, certificate_for(session, home, token));
      ++(record ? count.finished : count.no_certificate);
    }
  } else {
    ANTIN_TRY(count, finish_all(session, home, options, letters));
  }
  session.say(session.dry_run ? "personal.would_finish" : "personal.finished",
              {std::to_string(count.finished), std::to_string(count.no_certificate), std::to_string(count.no_token),
               std::to_string(count.set_aside)});
  for (const Path& letter : letters) session.say("personal.letter", {letter.string()});
  if (session.json)
    session.print({{"finished", count.finished},
                   {"without_certificate", count.no_certificate},
                   {"not_on_tray", count.no_token},
                   {"set_aside", count.set_aside},
                   {"letters", letters_value(letters)},
                   {"dry_run", session.dry_run}});
  if (session.dry_run) return exit_done;
  if (count.set_aside > 0) return exit_failed;
  if (count.no_token > 0) return exit_unavailable;
  return count.no_certificate > 0 ? exit_waiting : exit_done;
}

}  // namespace

void add_token_finish(Command token) {
  add_command<FinishOptions>(
      token, "finish", "token.finish",
      [](Command command, FinishOptions& options) {
        command.option("-o,--out", options.out, "token.letters").required().value_name("DIR");
        command.option("--officer", options.officers, "token.personal_officer");
      },
      finish);
}

}  // namespace antin::commands
