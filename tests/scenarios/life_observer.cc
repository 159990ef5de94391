#include "tests/scenarios/life_observer.h"

#include "ca/authority/approval_audit.h"
#include "ca/authority/reconcile.h"
#include "ca/issuance/key_gate.h"
#include "ca/log/log.h"
#include "ca/status/crl.h"
#include "ca/x509/crl.h"

namespace antin::tests {
namespace {

using Json = nlohmann::json;

std::string text(const Json& entry, const char* member) {
  return entry.contains(member) ? entry[member].get<std::string>() : std::string();
}

std::optional<x509::Crl> published_list(const Path& folder) {
  const auto octets = read_file(folder / "government.crl");
  if (!octets) return std::nullopt;
  return must(x509::Crl::from_file_bytes(*octets));
}

// Certificates of the government's CA that its list would tell of, as the acts leave them.
void apply(const Json& entry, std::set<std::string>& stopped) {
  const std::string type = entry["type"];
  const std::string id = text(entry, "certificate");
  if (!id.starts_with("government-")) return;
  if (type == "certificate.revoke" || type == "certificate.suspend") stopped.insert(id);
  if (type == "certificate.resume") stopped.erase(id);
}

std::uint64_t number_of(const x509::Crl& list) {
  std::uint64_t number = 0;
  const Bytes octets = list.number().value_or(Bytes());
  for (const std::uint8_t octet : octets) number = number << 8 | octet;
  return number;
}

std::set<std::string> entries_of(const x509::Crl& list) {
  std::set<std::string> ids;
  REQUIRE(list.for_each([&](const x509::CrlEntry& entry) -> Status {
    ids.insert("government-" + entry.serial.hex());
    return {};
  }));
  return ids;
}

}  // namespace

LifeObserver::LifeObserver(const ExploredLife& world, const Path& folder)
    : world_(world), folder_(folder), store_(must(store::open_sqlite_store(folder / "antin.sqlite"))) {}

std::string LifeObserver::words() {
  std::string words;
  REQUIRE(store_->for_each_log_entry(world_.log_entries, [&](const store::LogEntry& logged) -> Status {
    auto entry = Json::parse(text_of(logged.entry));
    entry.erase("sha256");  // of a certificate or list with its signature
    words += entry.dump() + "\n";
    return {};
  }));
  for (const auto& intent : must(store_->open_intents())) words += "intent " + to_hex(sha256(intent.tbs)) + "\n";
  for (const auto& record : must(store_->certificates({}, world_.now())))
    words += record.id + " " + std::string(to_string(record.status)) + "\n";
  if (const auto list = published_list(folder_)) words += "list " + to_hex(sha256(list->tbs())) + "\n";
  for (const std::uint64_t number : ExploredLife::published(folder_))
    words += "published " + std::to_string(number) + "\n";
  for (const std::string& digest : world_.signed_certificates) words += "signed " + digest + "\n";
  for (const std::string& digest : world_.signed_lists) words += "list signed " + digest + "\n";
  return words;
}

void LifeObserver::check_moment() {
  std::set<std::string> recorded, serials;
  for (const auto& intent : must(store_->open_intents())) recorded.insert(to_hex(sha256(intent.tbs)));
  for (const auto& record : must(store_->certificates({}, world_.now()))) {
    REQUIRE(serials.insert(record.serial.hex()).second);
    REQUIRE(follow(record) == record.status);
    recorded.insert(to_hex(sha256(must(x509::Certificate::from_der(record.der)).tbs())));
  }
  for (const std::string& digest : world_.signed_certificates) {
    INFO("signed, and neither decided nor recorded: " << digest);
    REQUIRE(recorded.contains(digest));
  }
  check_log();
  check_published();
}

// Valid → suspended → valid; revoked from either, and then nothing more; expired from either when its time is over.
store::CertificateStatus LifeObserver::follow(const store::CertificateRecord& record) {
  using enum store::CertificateStatus;
  const std::string& id = record.id;
  using Act = store::RevocationEvent::Act;
  store::CertificateStatus state = valid;
  for (const auto& event : must(store_->revocations(id))) {
    INFO(id << " was " << to_string(state));
    REQUIRE(state != revoked);
    if (event.act == Act::suspend) REQUIRE(state == valid);
    if (event.act == Act::resume) REQUIRE(state == suspended);
    state = event.act == Act::suspend ? suspended : event.act == Act::resume ? valid : revoked;
    INFO("at " << to_rfc3339(event.at));
    // What has ended is past every act, but for what was decided before: its remark is the request.
    const bool decided_before = event.act == Act::revoke && event.remark.contains('/');
    REQUIRE((event.at <= record.not_after || decided_before));
  }
  return state != revoked && world_.now() > record.not_after ? expired : state;
}

void LifeObserver::check_log() {
  std::set<std::string> decided, made, blocked, revoked;
  std::uint64_t numbers = 0;
  const std::string subject_key = to_hex(issuance::key_hash(world_.base.keys[0]->public_key_info()));
  REQUIRE(store_->for_each_log_entry(world_.log_entries, [&](const store::LogEntry& logged) -> Status {
    const auto entry = Json::parse(text_of(logged.entry));
    const std::string type = entry["type"], request = text(entry, "request");
    INFO(entry.dump());
    if (type == "key.block") blocked.insert(text(entry, "key"));
    if (type == "certificate.revoke") REQUIRE(revoked.insert(text(entry, "certificate")).second);
    if (type == "crl.intent") ++numbers;
    if (type == "certificate.intent") {
      REQUIRE(decided.insert(request).second);
      const std::string before = text(entry, "predecessor");
      REQUIRE_FALSE(revoked.contains(before));
      if (!before.empty()) REQUIRE_FALSE(blocked.contains(subject_key));  // it keeps the key
    }
    if (type == "certificate.issue") {
      REQUIRE(decided.contains(request));
      REQUIRE(made.insert(request).second);
    }
    return {};
  }));
  REQUIRE(world_.signed_lists.size() <= numbers);
}

// RFC 5280 section 3.3: an entry leaves when a list that was issued after the certificate's end has told of it. One
// that was built and never published has told nobody.
std::set<std::string> LifeObserver::gone_from(std::uint64_t number) {
  const std::set<std::uint64_t> published = ExploredLife::published(folder_);
  std::optional<Time> last;
  REQUIRE(store_->for_each_log_entry(0, [&](const store::LogEntry& logged) -> Status {
    const auto entry = Json::parse(text_of(logged.entry));
    if (entry["type"] != "crl") return {};
    const std::uint64_t earlier = std::stoull(text(entry, "number"));
    if (earlier < number && published.contains(earlier)) last = must(parse_rfc3339(text(entry, "at")));
    return {};
  }));
  std::set<std::string> gone;
  for (const auto& record : must(store_->certificates({}, world_.now())))
    if (last && *last > record.not_after) gone.insert(record.id);
  return gone;
}

// The published list is on record, and tells of each certificate that was stopped when its number was reserved and is so
// when it was recorded; of none that was not stopped at either.
void LifeObserver::check_published() {
  const auto list = published_list(folder_);
  if (!list) return;
  const std::string hash = to_hex(sha256(list->der()));
  std::set<std::string> now, at_number, at_record;
  bool recorded = false;
  const std::uint64_t number = number_of(*list);
  REQUIRE(store_->for_each_log_entry(0, [&](const store::LogEntry& logged) -> Status {
    const auto entry = Json::parse(text_of(logged.entry));
    apply(entry, now);
    if (text(entry, "number") != std::to_string(number)) return {};
    if (entry["type"] == "crl.intent") at_number = now;
    if (entry["type"] == "crl" && text(entry, "sha256") == hash) {
      at_record = now;
      recorded = true;
    }
    return {};
  }));
  REQUIRE(recorded);
  const auto told = entries_of(*list), gone = gone_from(number);
  for (const std::string& id : at_number)
    if (at_record.contains(id)) REQUIRE(told.contains(id) != gone.contains(id));
  for (const std::string& id : told) REQUIRE((at_number.contains(id) || at_record.contains(id)));
}

void LifeObserver::check_end(const Worker& first, const Worker& second) {
  const Time now = world_.now();
  must(log::verify(*store_));
  const Status same = authority::reconcile(*store_, now);
  INFO((same ? "" : same.error().message));
  REQUIRE(same.has_value());
  must(authority::audit_approvals(*store_, 2));
  REQUIRE(must(store_->open_intents()).empty());
  std::uint64_t wanted = 0;
  std::set<Op> counted;
  for (const Worker* worker : {&first, &second}) {
    check_answer(*worker);
    if (makes_certificate(worker->op()) && counted.insert(worker->op()).second) wanted += issued(worker->op());
  }
  const auto all = must(store_->certificates({}, now));
  REQUIRE(all.size() - world_.certificates == wanted);
  for (const auto& record : all)
    if (must(store_->blocked_key(record.key_hash))) check_blocked(record);
  check_list_now();
}

// What had ended when its key was blocked stays as it was; so does, for now, what ended between the block and the
// revocation that follows it (docs/mistakes.md).
void LifeObserver::check_blocked(const store::CertificateRecord& record) {
  if (record.status == store::CertificateStatus::revoked) return;
  REQUIRE(record.status == store::CertificateStatus::expired);
  REQUIRE(store_->for_each_log_entry(world_.log_entries, [&](const store::LogEntry& logged) -> Status {
    const auto entry = Json::parse(text_of(logged.entry));
    if (entry["type"] == "key.block")
      REQUIRE(must(parse_rfc3339(text(entry, "at"))) + minutes(1) > record.not_after);
    return {};
  }));
}

void LifeObserver::check_answer(const Worker& worker) {
  const Op op = worker.op();
  INFO(name_of(op) << ": " << (worker.result() ? "done" : worker.result().error().message));
  if (!worker.result()) {
    const ErrorCode code = worker.result().error().code;
    // Refused by the state, or by the other one who was quicker.
    REQUIRE((code == ErrorCode::failed_precondition || code == ErrorCode::already_exists));
    return;
  }
  const auto subject = must(store_->certificate(world_.subject.id, world_.now()));
  if (of_roster(op)) REQUIRE(issued(op) == 1);
  if (op == Op::compromise) check_blocked(subject);
  if (op == Op::revoke || op == Op::revoke_row || op == Op::change)
    REQUIRE(subject.status == store::CertificateStatus::revoked);
  if (op == Op::change) REQUIRE(must(store_->successor(subject.id, world_.now())).has_value());
  if (op == Op::suspend || op == Op::resume) REQUIRE_FALSE(must(store_->revocations(subject.id)).empty());
  if (op == Op::list) REQUIRE(published_list(folder_).has_value());
  if (world_.hour == Hour::after_end) REQUIRE((op == Op::issue || op == Op::compromise || op == Op::list));
}

void LifeObserver::check_list_now() {
  const FixedClock clock(world_.now());
  SystemRandom random;
  must(status::build_and_publish({*store_, clock, random}, {"government", &world_.list_issuer(), world_.list_url, days{7},
                                                            folder_ / "government.crl"}));
  const auto list = *published_list(folder_);
  const std::set<std::string> gone = gone_from(number_of(list));
  std::set<std::string> stopped;
  for (const auto& record : must(store_->certificates({}, world_.now()))) {
    const auto events = must(store_->revocations(record.id));
    const bool stands = !events.empty() && events.back().act != store::RevocationEvent::Act::resume;
    if (record.issuer == "government" && stands && !gone.contains(record.id)) stopped.insert(record.id);
  }
  REQUIRE(entries_of(list) == stopped);
  check_published();
}

}  // namespace antin::tests
