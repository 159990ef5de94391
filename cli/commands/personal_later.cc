// `antin token unblock` and `antin token recycle`: what happens to a subscriber's token after it was handed over; and
// `antin token list --personal`.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/commands/command.h"
#include "cli/commands/personal_letter.h"

namespace antin::commands {
namespace {

using personal::State;
using store::PersonalAct;
using store::PersonalToken;

struct UnblockOptions {
  std::string token, out;
  std::vector<std::string> officers;
};
struct RecycleOptions {
  std::string token, reason, remark, requested_by;
  std::vector<std::string> officers;
  bool lost = false;
};

Result<PersonalToken> token_named(OpenHome& home, const std::string& name) {
  ANTIN_TRY(const auto tokens, home.store->personal_tokens());
  return personal::find(tokens, name);
}

Result<ExitCode> unblock(Session& session, const UnblockOptions& options) {
  ANTIN_TRY(OpenHome home, open_home(session, session.dry_run ? Access::read : Access::write));
  ANTIN_TRY(const PersonalToken token, token_named(home, options.token));
  if (personal::state_of(token) != State::handed)
    return fail(ErrorCode::failed_precondition,
                "token " + token.label + ": was not handed over: `antin token finish` prints its letter");
  if (!session.dry_run) {
    ANTIN_TRY(auto from_escrow, open_escrows(session, home, options.officers, {token}));
    ANTIN_TRY(Desk desk, Desk::open(session, home, std::move(from_escrow)));
    ANTIN_TRY(const auto earlier, hand_out_letters(session, home));
    for (const Path& letter : earlier) session.say("personal.letter", {letter.string()});
    ANTIN_CHECK(write_letter(session, home, desk, token, PersonalAct::unblock, options.out));
  }
  session.say(session.dry_run ? "personal.would_unblock" : "personal.unblocked", {token.label});
  if (!session.dry_run) session.say("personal.letter", {options.out});
  if (session.json) {
    Json value = personal_value(token);
    value["letter"] = session.dry_run ? "" : options.out;
    value["dry_run"] = session.dry_run;
    session.print(value);
  }
  return exit_done;
}

// Certificates of its key that are still good.
Result<std::vector<store::CertificateRecord>> in_force(Session& session, OpenHome& home, const PersonalToken& token) {
  std::vector<store::CertificateRecord> good;
  if (personal::last(token, PersonalAct::key) == nullptr) return good;
  ANTIN_TRY(const Bytes key_hash, personal::key_hash_of(token));
  ANTIN_TRY(const auto issued, home.store->certificates_by_key(key_hash, session.now()));
  for (const store::CertificateRecord& record : issued)
    if (record.status == store::CertificateStatus::valid || record.status == store::CertificateStatus::suspended)
      good.push_back(record);
  return good;
}

// Once more after a kill: it may have been erased already. Nothing when it was begun and never made.
Status erase(Session& session, Desk& desk, const PersonalToken& token) {
  const std::string serial = personal::serial_of(token), label = recycled_label(token);
  if (!serial.empty() && desk.tray().find(label, serial)) return {};
  const Result<hsm::TokenInfo> info = desk.tray().find(token.label, serial);
  if (!info && serial.empty() && info.error().code == ErrorCode::unavailable) return {};
  if (!info) return fail(info.error());
  ANTIN_TRY(const Secret so_pin, desk.so_pin(token));
  ANTIN_TRY(const Secret user_pin, desk.passing_pin(session));
  ANTIN_CHECK(desk.pins().keep(info->serial, so_pin));  // the next subscriber's token is made with it
  return desk.tray().erase(*info, label, so_pin, user_pin);
}

Status give_up(Session& session, OpenHome& home, const RecycleOptions& options, const PersonalToken& token,
               const std::vector<store::CertificateRecord>& good) {
  const bool lost = options.lost;
  const auto reason = options.reason.empty() ? (lost ? x509::RevocationReason::key_compromise
                                                     : x509::RevocationReason::cessation_of_operation)
                                             : *x509::revocation_reason(options.reason);
  ANTIN_TRY(auto from_escrow, lost ? std::map<std::string, Secret>()
                                   : open_escrows(session, home, options.officers, {token}));
  ANTIN_TRY(Desk desk, Desk::open(session, home, std::move(from_escrow)));
  ANTIN_TRY(const authority::Roster::Row row, personal::row_of(token));
  const std::string& body = options.requested_by.empty() ? row.requested_by : options.requested_by;
  // Nobody must trust a key that is about to go.
  for (const store::CertificateRecord& record : good)
    ANTIN_CHECK(authority::revoke(home.context(session), record.id, reason, std::nullopt, options.remark, body));
  if (!lost) ANTIN_CHECK(erase(session, desk, token));
  ANTIN_CHECK(personal::record(home.context(session), token.id,
                               {.act = lost ? PersonalAct::lose : PersonalAct::recycle,
                                .at = {},
                                .serial = personal::serial_of(token),
                                .request = {},
                                .certificate = {},
                                .remark = options.remark}));
  return desk.pins().remove(token.id);
}

Result<ExitCode> recycle(Session& session, const RecycleOptions& options) {
  ANTIN_TRY(OpenHome home, open_home(session, session.dry_run ? Access::read : Access::write));
  ANTIN_TRY(const PersonalToken token, token_named(home, options.token));
  if (personal::is_over(personal::state_of(token)))
    return fail(ErrorCode::failed_precondition, "token " + token.label + ": was recycled or reported lost already");
  ANTIN_TRY(const auto good, in_force(session, home, token));
  if (!session.dry_run) ANTIN_CHECK(give_up(session, home, options, token, good));
  session.say(session.dry_run ? "personal.would_recycle" : options.lost ? "personal.lost" : "personal.recycled",
              {token.label, std::to_string(good.size())});
  if (session.json) {
    Json value = personal_value(token), revoked = Json::array();
    for (const store::CertificateRecord& record : good) revoked.push_back(record.id);
    value["state"] = options.lost ? "lost" : "recycled";
    value["revoked"] = revoked;
    value["dry_run"] = session.dry_run;
    session.print(value);
  }
  return exit_done;
}

}  // namespace

Result<ExitCode> list_personal(Session& session) {
  ANTIN_TRY(OpenHome home, open_home(session, Access::read));
  ANTIN_TRY(const auto tokens, home.store->personal_tokens());
  Json all = Json::array();
  for (const PersonalToken& token : tokens) {
    const std::string trouble = personal::trouble_of(token);
    session.say(trouble.empty() ? "personal.line" : "personal.line_aside",
                {token.label, personal::serial_of(token), token.subscriber,
                 session.text("personal.state." + std::string(to_string(personal::state_of(token)))),
                 session.words(trouble)});
    all.push_back(personal_value(token));
  }
  if (session.json) session.print(all);
  return exit_done;
}

void add_token_later(Command token) {
  add_command<UnblockOptions>(
      token, "unblock", "token.unblock",
      [](Command command, UnblockOptions& options) {
        command.operand("TOKEN", options.token, "token.personal_token").required();
        command.option("-o,--out", options.out, "token.letter").required().value_name("FILE");
        command.option("--officer", options.officers, "token.personal_officer").required();
      },
      unblock);
  add_command<RecycleOptions>(
      token, "recycle", "token.recycle",
      [](Command command, RecycleOptions& options) {
        command.operand("TOKEN", options.token, "token.personal_token").required();
        command.option("--officer", options.officers, "token.personal_officer");
        command.option("--reason", options.reason, "token.recycle_reason")
            .one_of({"keyCompromise", "affiliationChanged", "superseded", "cessationOfOperation",
                     "privilegeWithdrawn"});
        command.option("--remark", options.remark, "token.recycle_remark").required();
        command.option("--requested-by", options.requested_by, "roster.diff.requested_by").value_name("CODE");
        command.flag("--lost", options.lost, "token.lost");
      },
      recycle);
}

}  // namespace antin::commands
