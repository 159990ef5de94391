// `antin token personalise`: for each row of a list a token is initialised, its key made inside and a request signed by
// it; the requests become a roster for the officers to approve.
#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <ostream>
#include <set>
#include <thread>

#include "ca/authority/profile_guard.h"
#include "ca/backup/escrow.h"
#include "ca/backup/recipients.h"
#include "ca/personal/random_pin.h"
#include "ca/x509/csr.h"
#include "cli/commands/command.h"
#include "cli/commands/personal_desk.h"
#include "cli/commands/progress.h"
#include "cli/commands/roster_findings.h"

namespace antin::commands {
namespace {

using authority::Roster;
using hsm::pkcs11::Blank;
using store::PersonalAct;
using store::PersonalToken;

struct PersonaliseOptions {
  std::string list, out;
  std::vector<std::string> serials, officers;
  unsigned wait = 0;
};

// What is on the tray to be used: a token that was recycled, whose officer's PIN is kept, or a blank one.
struct Free {
  std::optional<hsm::TokenInfo> recycled;
  Blank blank;
};

enum class Outcome { made, before, handed, no_token, set_aside };

// Goes through the list once.
class Queue {
 public:
  Queue(Session& session, OpenHome& home, const PersonaliseOptions& options, Desk& desk,
        issuance::ProfileSet profiles, std::vector<backup::Recipient> recipients)
      : session_(session),
        home_(home),
        options_(options),
        desk_(desk),
        profiles_(std::move(profiles)),
        recipients_(std::move(recipients)) {}

  // An error ends the run; what befalls one token is an outcome.
  Result<Outcome> take(const Roster::Row& row) {
    ANTIN_TRY(const auto tokens, home_.store->personal_tokens());
    ANTIN_TRY(personal::Place place, personal::place_of(tokens, row));
    if (place.open && personal::state_of(*place.open) == personal::State::handed) return Outcome::handed;
    if (place.open && personal::last(*place.open, PersonalAct::key) != nullptr) return Outcome::before;
    std::optional<Free> free;
    if (!place.open) {
      ANTIN_TRY(free, wait_for_token(tokens));
      if (!free) return Outcome::no_token;
      ANTIN_TRY(place.open, begin(place, row, *free));
    }
    return finish_step(*place.open, make_key(*place.open, row, free, tokens));
  }

 private:
  Result<PersonalToken> begin(const personal::Place& place, const Roster::Row& row, const Free& free) {
    std::optional<Secret> so_pin;
    if (free.recycled) {
      ANTIN_TRY(so_pin, desk_.pins().find(free.recycled->serial));
    } else {
      ANTIN_TRY(so_pin, personal::random_pin(session_.random(), personal::so_pin_digits));
    }
    // On disk before it is on a token, and sealed to the officers before it is on record.
    ANTIN_CHECK(desk_.pins().keep(place.id, *so_pin));
    ANTIN_TRY(Bytes escrow, backup::seal_so_pin(*so_pin, place.label, home_.config.backup.threshold, recipients_,
                                                session_.random()));
    return personal::begin(home_.context(session_), place, row.code, std::move(escrow));
  }

  // The token is on the tray with its label, however far an earlier run came; or it is made of a free one.
  Result<std::optional<hsm::TokenInfo>> token_of(const PersonalToken& token, std::optional<Free> free,
                                                 const std::vector<PersonalToken>& tokens, const Secret& user_pin) {
    ANTIN_TRY(const Secret so_pin, desk_.so_pin(token));
    const Result<hsm::TokenInfo> there = desk_.tray().find(token.label, "");
    if (!there && there.error().code != ErrorCode::unavailable) return fail(there.error());
    if (there) {
      ANTIN_CHECK(desk_.tray().set_user_pin(*there, so_pin, user_pin));
      return std::optional(*there);
    }
    if (!free) {
      ANTIN_TRY(free, find_free(tokens, &so_pin));
      if (!free) return std::nullopt;
    }
    const Status made = free->recycled ? desk_.tray().erase(*free->recycled, token.label, so_pin, user_pin)
                                       : desk_.tray().initialise(free->blank, token.label, so_pin, user_pin);
    if (!made) {
      spoilt_.insert(free->recycled ? free->recycled->serial : slot_name(free->blank));
      return fail(made.error());
    }
    if (free->recycled) ANTIN_CHECK(desk_.pins().remove(free->recycled->serial));  // kept under the token's id now
    ANTIN_TRY(const hsm::TokenInfo info, desk_.tray().find(token.label, ""));
    return std::optional(info);
  }

  Result<bool> make_key(const PersonalToken& token, const Roster::Row& row, std::optional<Free> free,
                        const std::vector<PersonalToken>& tokens) {
    ANTIN_TRY(const Secret user_pin, desk_.passing_pin(session_));
    ANTIN_TRY(const auto info, token_of(token, std::move(free), tokens, user_pin));
    if (!info) return false;
    ANTIN_TRY(const auto key, sound_key(token, row, *info, user_pin));
    ANTIN_TRY(const issuance::Profile profile, profiles_.find(row.profile));
    ANTIN_TRY(const x509::Name subject, profile.subject(row.fields));
    ANTIN_TRY(const auto request, x509::CertificationRequest::make(subject, *key));
    ANTIN_CHECK(personal::record(home_.context(session_), token.id,
                                 {.act = PersonalAct::key,
                                  .at = {},
                                  .serial = info->serial,
                                  .request = to_bytes(request.der()),
                                  .certificate = {},
                                  .remark = {}}));
    return true;
  }

  // The one key of the token, which signs. None yet, or what a stopped run left of one: nobody has seen it, and it is
  // made anew.
  Result<std::shared_ptr<const hsm::SigningKey>> sound_key(const PersonalToken& token, const Roster::Row& row,
                                                           const hsm::TokenInfo& info, const Secret& user_pin) {
    {
      ANTIN_TRY(const std::shared_ptr<hsm::Token> open, desk_.open_token(info, user_pin));
      auto key = named_key(*open, info);
      if (key) return key;
      ANTIN_CHECK(desk_.tray().discard_keys(info));
    }
    ANTIN_TRY(const std::shared_ptr<hsm::Token> open, desk_.open_token(info, user_pin));
    ANTIN_CHECK(open->generate_key({passing_id(token), row.code}, row.key_spec));
    return named_key(*open, info);
  }

  Result<std::shared_ptr<const hsm::SigningKey>> named_key(const hsm::Token& open, const hsm::TokenInfo& info) {
    ANTIN_TRY(const hsm::KeyRef name, desk_.tray().name_key(info));
    ANTIN_TRY(auto key, open.find_key({name.id, ""}));
    ANTIN_CHECK(try_key(session_, *key, key->public_key_info()));
    return key;
  }

  Result<Outcome> finish_step(const PersonalToken& token, const Result<bool>& made) {
    if (made) return *made ? Outcome::made : Outcome::no_token;
    ANTIN_CHECK(set_aside(session_, home_, token, made.error()));
    return Outcome::set_aside;
  }

  // The CKA_ID of a key until it has the one of its public key.
  static Bytes passing_id(const PersonalToken& token) {
    const Sha256 hash = sha256(bytes_of(token.id));
    return {hash.begin(), hash.begin() + 20};
  }
  static std::string slot_name(const Blank& blank) { return "slot " + std::to_string(blank.slot) + " " + blank.serial; }
  bool is_wanted(const std::string& serial) const {
    return options_.serials.empty() ||
           std::ranges::find(options_.serials, serial) != options_.serials.end();
  }

  // `so_pin`: of a token that was begun; a recycled one has that PIN or is not for it.
  Result<std::optional<Free>> find_free(const std::vector<PersonalToken>& tokens, const Secret* so_pin) {
    for (const PersonalToken& token : tokens) {
      const std::string serial = personal::serial_of(token);
      if (personal::state_of(token) != personal::State::recycled || !is_wanted(serial) || spoilt_.contains(serial))
        continue;
      ANTIN_TRY(const auto kept, desk_.pins().find(serial));
      if (!kept || (so_pin != nullptr && so_pin->reveal() != kept->reveal())) continue;
      const Result<hsm::TokenInfo> there = desk_.tray().find(recycled_label(token), serial);
      if (there) return Free{*there, {}};
    }
    ANTIN_TRY(const std::vector<Blank> blanks, desk_.tray().blanks());
    for (const Blank& blank : blanks)
      if (is_wanted(blank.serial) && !spoilt_.contains(slot_name(blank))) return Free{std::nullopt, blank};
    return std::nullopt;
  }

  // One after the other: a person puts in the next token while this waits.
  Result<std::optional<Free>> wait_for_token(const std::vector<PersonalToken>& tokens) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(options_.wait);
    for (bool told = false;; told = true) {
      ANTIN_TRY(std::optional<Free> free, find_free(tokens, nullptr));
      if (free || std::chrono::steady_clock::now() >= until) return free;
      if (!told) session_.err() << session_.text("personal.insert") << "\n";
      std::this_thread::sleep_for(std::chrono::milliseconds(500));
    }
  }

  Session& session_;
  OpenHome& home_;
  const PersonaliseOptions& options_;
  Desk& desk_;
  issuance::ProfileSet profiles_;
  std::vector<backup::Recipient> recipients_;
  std::set<std::string> spoilt_;  // what failed in this run is not taken for the next row
};

// How many rows ended how.
struct Count {
  std::uint64_t made = 0, before = 0, handed = 0, waiting = 0, set_aside = 0;
  void add(Outcome outcome) {
    ++(outcome == Outcome::made       ? made
       : outcome == Outcome::before   ? before
       : outcome == Outcome::handed   ? handed
       : outcome == Outcome::no_token ? waiting
                                      : set_aside);
  }
};

// The rows that have a request and no certificate yet, as a roster that officers can approve.
Result<Roster> roster_of(Session& session, OpenHome& home, const Roster& list) {
  ANTIN_TRY(const auto tokens, home.store->personal_tokens());
  Roster roster = list;
  roster.rows.clear();
  for (const Roster::Row& row : list.rows) {
    ANTIN_TRY(const personal::Place place, personal::place_of(tokens, row));
    const PersonalToken::Event* key = place.open ? personal::last(*place.open, PersonalAct::key) : nullptr;
    if (key == nullptr) continue;
    ANTIN_TRY(const Bytes key_hash, personal::key_hash_of(*place.open));
    ANTIN_TRY(const auto issued, home.store->certificates_by_key(key_hash, session.now()));
    if (!issued.empty()) continue;
    Roster::Row asked = row;
    asked.row = roster.rows.size() + 1;
    asked.key = "csr";
    asked.request = key->request;
    roster.rows.push_back(std::move(asked));
  }
  return roster;
}

// False when a row that has no key yet has an error, which is told.
Result<bool> is_sound(Session& session, OpenHome& home, const Roster& list) {
  ANTIN_TRY(const auto tokens, home.store->personal_tokens());
  std::set<std::uint64_t> keyed;
  for (const Roster::Row& row : list.rows) {
    ANTIN_TRY(const personal::Place place, personal::place_of(tokens, row));
    if (place.open && personal::last(*place.open, PersonalAct::key) != nullptr) keyed.insert(row.row);
  }
  ANTIN_TRY(const auto findings, authority::check_roster(home.context(session), list));
  bool sound = true;
  for (const authority::Finding& finding : findings) {
    if (keyed.contains(finding.row)) continue;
    sound = sound && !finding.error;
    session.say(finding.error ? "roster.finding.error" : "roster.finding.warning",
                {std::to_string(finding.row), finding.field, finding_text(session, finding)});
  }
  return sound;
}

Result<Count> run_queue(Session& session, OpenHome& home, const PersonaliseOptions& options, const Roster& list) {
  ANTIN_TRY(issuance::ProfileSet profiles, authority::issuing_profiles(home.context(session), session.now()));
  ANTIN_TRY(auto recipients, backup::recipients_of(*home.store, session.now()));
  if (recipients.size() < home.config.backup.threshold)
    return fail(ErrorCode::failed_precondition,
                "token: officers must be able to unblock it: run `antin backup officers` first");
  ANTIN_TRY(const auto tokens, home.store->personal_tokens());
  ANTIN_TRY(auto from_escrow, open_escrows(session, home, options.officers, open_ones(tokens)));
  ANTIN_TRY(Desk desk, Desk::open(session, home, std::move(from_escrow)));
  Queue queue(session, home, options, desk, std::move(profiles), std::move(recipients));
  Progress progress(session, session.text("progress.personalise"));
  Count count;
  for (const Roster::Row& row : list.rows) {
    ANTIN_TRY(const Outcome outcome, queue.take(row));
    count.add(outcome);
    progress.update(row.row, list.rows.size());
  }
  return count;
}

ExitCode exit_of(const Count& count) {
  if (count.set_aside > 0) return exit_failed;
  return count.waiting > 0 ? exit_unavailable : exit_done;
}

Result<ExitCode> personalise(Session& session, const PersonaliseOptions& options) {
  ANTIN_TRY(OpenHome home, open_home(session, session.dry_run ? Access::read : Access::write));
  ANTIN_TRY(const Bytes content, read_file(options.list));
  ANTIN_TRY(const Roster list, in(options.list, authority::read_roster(content)));
  ANTIN_TRY(const bool sound, is_sound(session, home, list));
  if (!sound) {
    session.say("personal.refused_list");
    if (session.json) session.print({{"list", options.list}, {"refused", true}});
    return exit_refused;
  }
  Count count;
  if (session.dry_run) {
    count.waiting = list.rows.size();
  } else {
    ANTIN_TRY(count, run_queue(session, home, options, list));
  }
  ANTIN_TRY(const Roster roster, roster_of(session, home, list));
  if (!session.dry_run && !roster.rows.empty())
    ANTIN_CHECK(write_file(options.out, authority::roster_file(roster), 0644));
  session.say(session.dry_run ? "personal.would_make" : "personal.made",
              {std::to_string(count.made), std::to_string(count.before), std::to_string(count.waiting),
               std::to_string(count.set_aside)});
  if (!session.dry_run && !roster.rows.empty())
    session.say("personal.roster", {options.out, std::to_string(roster.rows.size())});
  if (session.json)
    session.print({{"roster", roster.rows.empty() || session.dry_run ? "" : options.out},
                   {"rows", roster.rows.size()},
                   {"made", count.made},
                   {"made_before", count.before},
                   {"handed", count.handed},
                   {"waiting", count.waiting},
                   {"set_aside", count.set_aside},
                   {"dry_run", session.dry_run}});
  return session.dry_run ? exit_done : exit_of(count);
}

}  // namespace

void add_token_personalise(Command token) {
  add_command<PersonaliseOptions>(
      token, "personalise", "token.personalise",
      [](Command command, PersonaliseOptions& options) {
        command.operand("LIST", options.list, "token.personal_list").required();
        command.option("-o,--out", options.out, "token.personal_roster").required().value_name("ROSTER");
        command.option("--serial", options.serials, "token.personal_serial");
        command.option("--officer", options.officers, "token.personal_officer");
        command.option("--wait", options.wait, "token.personal_wait").value_name("SECONDS").show_default();
      },
      personalise);
}

}  // namespace antin::commands
