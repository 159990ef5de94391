#include "cli/commands/form_subjects.h"

#include <algorithm>

#include "ca/authority/row_tbs.h"
#include "ca/foreign/province.h"
#include "ca/policy/subscriber_number.h"

namespace antin::commands {
namespace {

using policy::Act;

// Mẫu 01–03 ask for a certificate with a new key: a first one, or one after another.
bool does(const forms::Form& form, Act act) { return act == form.act || (form.act == Act::issue && act == Act::rekey); }
bool fits_kind(const forms::Form& form, const std::string& kind) { return form.kind.empty() || form.kind == kind; }

forms::Subject subject_of(const x509::Certificate& certificate, const std::string& code, const std::string& kind) {
  const x509::Name& name = certificate.subject();
  std::string mail = name.first("E"), hosts;
  if (const auto mails = certificate.mails(); mail.empty() && !mails.empty()) mail = mails.front();
  for (const std::string& host : certificate.dns_names()) hosts += (hosts.empty() ? "" : " ") + host;
  return {.code = code,
          .kind = kind,
          .cn = name.first("CN"),
          .o = name.first("O"),
          .ou = name.first("OU"),
          .l = name.first("L"),
          .mail = mail,
          .dns = hosts,
          .requested_by = "",
          .serial = certificate.serial().hex(),
          .not_before = certificate.not_before(),
          .not_after = certificate.not_after(),
          .reason = ""};
}

// What the form must know of a certificate, whoever issued it.
struct Known {
  std::string id, code, kind;
  store::CertificateStatus status = store::CertificateStatus::valid;
  unsigned renewals = 0;
  std::string follower;   // id of the certificate that follows it, or empty
  std::string authority;  // its issuer's organisation, when that is not ours
  x509::Certificate certificate;
};

// A change keeps the key and its time, so it does not count; a new key begins anew.
Result<unsigned> renewals_of(store::Store& store, store::CertificateRecord record, Time now) {
  unsigned count = 0;
  while (record.succession && record.succession->act != "rekey") {
    if (record.succession->act == "renew") ++count;
    ANTIN_TRY(record, store.certificate(record.succession->predecessor, now));
  }
  return count;
}

bool is_subscribers(const std::string& kind) {
  return kind == "organisation" || kind == "personal" || kind == "device";
}

Result<std::vector<Known>> own_certificates(Session& session, OpenHome& home) {
  std::vector<Known> all;
  const auto take = [&](const store::CertificateRecord& record) -> Status {
    if (!is_subscribers(record.kind)) return {};
    ANTIN_TRY(x509::Certificate certificate, x509::Certificate::from_der(record.der));
    ANTIN_TRY(const unsigned renewals, renewals_of(*home.store, record, session.now()));
    ANTIN_TRY(const auto follower, home.store->successor(record.id, session.now()));
    ANTIN_TRY(const auto events, home.store->revocations(record.id));
    const auto status = session.at ? store::status_at(record, events, session.now()) : record.status;
    all.push_back({record.id, record.subscriber, record.kind, status, renewals, follower ? follower->id : "", "",
                   std::move(certificate)});
    return {};
  };
  ANTIN_CHECK(home.store->for_each_certificate({}, session.now(), take));
  return all;
}

// Another authority does not tell what follows what: a later certificate of its for the same key is a renewal.
Result<std::vector<Known>> foreign_certificates(Session& session, OpenHome& home) {
  ANTIN_TRY(const auto records, home.store->foreign_certificates());
  std::map<std::pair<Bytes, Bytes>, std::vector<const store::ForeignCertificate*>> of_key;
  for (const store::ForeignCertificate& record : records) of_key[{record.issuer, record.key_hash}].push_back(&record);
  std::vector<Known> all;
  for (const store::ForeignCertificate& record : records) {
    ANTIN_TRY(x509::Certificate certificate, x509::Certificate::from_der(record.der));
    const store::CertificateStatus status = status_at(record, session.now());
    Known one{record.id, record.subscriber, record.kind, status, 0, "", "", std::move(certificate)};
    one.authority = one.certificate.issuer().first("O");
    if (one.authority.empty()) one.authority = one.certificate.issuer().first("CN");
    for (const store::ForeignCertificate* other : of_key[{record.issuer, record.key_hash}]) {
      if (other->not_before < record.not_before) ++one.renewals;
      if (other->not_before > record.not_before) one.follower = other->id;
    }
    all.push_back(std::move(one));
  }
  return all;
}

Result<std::vector<Known>> chosen(Session& session, OpenHome& home, const CertificateChoice& choice) {
  ANTIN_TRY(std::vector<Known> all,
            choice.foreign ? foreign_certificates(session, home) : own_certificates(session, home));
  std::vector<Known> wanted;
  if (choice.ending_by) {
    for (Known& one : all)
      if (one.status == store::CertificateStatus::valid && one.certificate.not_after() <= *choice.ending_by)
        wanted.push_back(std::move(one));
    std::ranges::stable_sort(wanted, {}, [](const Known& one) { return one.certificate.not_after(); });
    return wanted;
  }
  for (const std::string& name : choice.ids) {
    std::string id;
    if (choice.foreign) {
      ANTIN_TRY(const auto record, home.store->foreign_certificate(name));
      id = record.id;
    } else {
      ANTIN_TRY(const auto record, home.store->certificate(name, session.now()));
      id = record.id;
    }
    const auto found = std::ranges::find(all, id, &Known::id);
    if (found == all.end()) return fail(ErrorCode::invalid_argument, "form: " + id + " is no subscriber's certificate");
    wanted.push_back(*found);
  }
  return wanted;
}

// A tax code or citizen number that cannot be one.
std::optional<LeftOut> wrong_number(const authority::Roster::Row& row) {
  for (const auto& [field, value] : row.fields) {
    if (!field.ends_with("uid")) continue;
    const policy::NumberVerdict verdict = policy::judge_number(value);
    const bool malformed = verdict == policy::NumberVerdict::malformed;
    if (malformed || verdict == policy::NumberVerdict::wrong_check_digit)
      return LeftOut{"row " + std::to_string(row.row),
                     authority::field_of(row, "cn"),
                     malformed ? "roster.number_form" : "roster.number_check_digit",
                     {std::string(policy::number_kind(value))}};
  }
  return std::nullopt;
}

// Why it cannot stand on the form; none: it can.
Result<std::optional<LeftOut>> hindrance(const forms::Form& form, const Known& one, Time now) {
  LeftOut why{one.id, one.certificate.subject().first("CN"), "", {}};
  const auto because = [&](std::string rule, std::vector<std::string> arguments) {
    why.rule = std::move(rule);
    why.arguments = std::move(arguments);
    return std::optional(why);
  };
  if (!fits_kind(form, one.kind)) return because("form.other_kind", {one.kind});
  const bool held = one.status == store::CertificateStatus::suspended && form.act == Act::revoke;
  if (one.status != store::CertificateStatus::valid && !held && form.act != Act::issue)
    return because("form.not_in_force", {std::string(to_string(one.status))});
  if (form.act != Act::renew) return std::nullopt;
  if (!one.follower.empty()) return because("form.followed", {one.follower});
  ANTIN_TRY(const policy::Policy rule, policy::policy_at(now));
  policy::Request request{
      .act = Act::renew, .at = now, .personal = false, .subscriber = one.code, .requested_by = "body"};
  request.replaced_not_after = one.certificate.not_after();
  request.renewals = one.renewals;
  const auto breaches = policy::judge(rule, request);
  if (breaches.empty()) return std::nullopt;
  return because(breaches.front().rule, breaches.front().arguments);
}

}  // namespace

Result<std::map<std::string, std::string>> known_bodies(store::Store& store) {
  ANTIN_TRY(const auto subscribers, foreign::known_subscribers(store));
  std::map<std::string, std::string> bodies;
  for (const foreign::Subscriber& one : subscribers)
    if (one.kind == "organisation") bodies[one.code] = one.cn;
  return bodies;
}

Result<FormSubjects> from_roster(Session& session, OpenHome& home, const forms::Form& form,
                                 const authority::Roster& roster) {
  FormSubjects found;
  ANTIN_TRY(found.bodies, known_bodies(*home.store));
  for (const authority::Roster::Row& row : roster.rows) {
    const auto field = [&](std::string_view name) { return authority::field_of(row, name); };
    if (row.kind == "organisation" && !field("cn").empty()) found.bodies[row.code] = field("cn");
    if (!does(form, row.act) || !fits_kind(form, row.kind)) {
      const bool act = !does(form, row.act);
      found.left_out.push_back({"row " + std::to_string(row.row),
                                field("cn").empty() ? row.code : field("cn"),
                                act ? "form.other_act" : "form.other_kind",
                                {act ? std::string(policy::to_string(row.act)) : row.kind}});
      continue;
    }
    if (auto wrong = wrong_number(row)) {
      found.left_out.push_back(*std::move(wrong));
      continue;
    }
    forms::Subject subject{.code = row.code,
                           .kind = row.kind,
                           .cn = field("cn"),
                           .o = field("o"),
                           .ou = field("ou"),
                           .l = field("l"),
                           .mail = field("mail"),
                           .dns = field("dns")};
    if (row.fields.empty()) {
      ANTIN_TRY(const auto record,
                in("roster row " + std::to_string(row.row), home.store->certificate(row.replaces, session.now())));
      ANTIN_TRY(const x509::Certificate certificate, x509::Certificate::from_der(record.der));
      subject = subject_of(certificate, row.code, row.kind);
    }
    subject.requested_by = row.requested_by;
    if (row.reason) subject.reason = std::string(x509::to_string(*row.reason));
    found.subjects.push_back(std::move(subject));
  }
  return found;
}

Result<FormSubjects> from_subscribers(OpenHome& home, const forms::Form& form, const std::vector<std::string>& codes) {
  FormSubjects found;
  ANTIN_TRY(found.bodies, known_bodies(*home.store));
  ANTIN_TRY(const auto subscribers, foreign::known_subscribers(*home.store));
  for (const std::string& code : codes) {
    const auto one = std::ranges::find(subscribers, code, &foreign::Subscriber::code);
    if (one == subscribers.end())
      return fail(ErrorCode::not_found, "form: no submitted roster has the subscriber " + code);
    if (!fits_kind(form, one->kind)) {
      found.left_out.push_back({code, one->cn, "form.other_kind", {one->kind}});
      continue;
    }
    found.subjects.push_back({.code = one->code,
                              .kind = one->kind,
                              .cn = one->cn,
                              .o = one->o,
                              .ou = one->ou,
                              .l = one->l,
                              .mail = one->mail});
  }
  return found;
}

Result<CertificateSubjects> from_certificates(Session& session, OpenHome& home, const forms::Form& form,
                                              const CertificateChoice& choice) {
  CertificateSubjects found;
  ANTIN_TRY(found.all.bodies, known_bodies(*home.store));
  ANTIN_TRY(const std::vector<Known> known, chosen(session, home, choice));
  for (const Known& one : known) {
    ANTIN_TRY(auto left_out, hindrance(form, one, session.now()));
    if (left_out) {
      found.all.left_out.push_back(*std::move(left_out));
      continue;
    }
    found.all.subjects.push_back(subject_of(one.certificate, one.code, one.kind));
    found.authorities.push_back(one.authority);
  }
  return found;
}

}  // namespace antin::commands
