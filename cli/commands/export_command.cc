// `antin export`: everything that another program needs to go on: per CA the files of `openssl ca`, and one table.
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>

#include "ca/authority/issuer_service.h"
#include "ca/authority/profile_guard.h"
#include "ca/x509/certificate.h"
#include "ca/x509/openssl_index.h"
#include "cli/commands/command.h"
#include "cli/commands/csv.h"
#include "cli/commands/home_session.h"
#include "cli/commands/openssl_configuration.h"
#include "cli/wiring/issuers.h"

namespace antin::commands {
namespace {

struct ExportOptions {
  std::string out;
  bool all = false;
};

// What is written of one CA while its certificates pass.
struct Authority {
  std::string certificate;  // PEM
  std::string configuration;
  std::string index;
  std::map<x509::SerialNumber, x509::CrlEntry> revoked;
  std::vector<store::ListedSerial> lost;  // revoked serials of an adopted one whose certificates are lost
};
using Authorities = std::map<std::string, Authority>;

std::string csv_of(const store::CertificateRecord& record) {
  return csv_line({record.id, record.serial.hex(), record.subject, record.kind, std::string(to_string(record.status)),
                   record.issuer, to_rfc3339(record.not_before), to_rfc3339(record.not_after), record.profile,
                   record.subscriber, record.mail, record.key_location});
}

// Of those that have a certificate: one that is not in service yet may have signed its link certificate.
Result<Authorities> authorities(OpenHome& home, Time now) {
  store::Store& store = *home.store;
  ANTIN_TRY(const authority::IssuerRegister issuers, authority::read_issuers(store, now));
  ANTIN_TRY(const issuance::ProfileSet profiles, authority::profiles_in_force(store, now));
  Authorities all;
  for (const authority::RegisteredIssuer& issuer : issuers.all()) {
    if (!issuer.certificate) continue;
    Authority& one = all[issuer.name];
    one.certificate = issuer.certificate->pem();
    // Our scheme decides nothing there: `openssl ca` signs with what suits the key.
    const auto identity = wiring::issuer_identity(home.config, issuer.name, *issuer.certificate, {});
    ANTIN_TRY(one.configuration, openssl_configuration(issuer.name, identity, profiles, home.config.crl_validity));
    ANTIN_CHECK(store.for_each_revoked(issuer.name, [&](const x509::CrlEntry& entry, Time) -> Status {
      one.revoked.emplace(entry.serial, entry);
      return {};
    }));
  }
  ANTIN_TRY(const auto listed, store.listed_serials());
  for (const store::ListedSerial& serial : listed)
    if (const auto issuer = all.find(serial.issuer); issuer != all.end()) issuer->second.lost.push_back(serial);
  return all;
}

Status add_certificate(const store::CertificateRecord& record, const Path& folder, Authority& authority, Time now) {
  ANTIN_TRY(const x509::Certificate certificate, x509::Certificate::from_der(record.der));
  std::optional<x509::CrlEntry> revoked;
  if (const auto found = authority.revoked.find(record.serial); found != authority.revoked.end())
    revoked = found->second;
  authority.index += x509::openssl_index_line(certificate, revoked, now) + "\n";
  std::string name = record.serial.hex();
  if (name.size() % 2 != 0) name.insert(0, 1, '0');
  return write_file(folder / record.issuer / "certs" / (name + ".pem"), certificate.pem(), 0644, false);
}

// Writes the certificates and gives the table.
Result<std::string> write_certificates(Session& session, OpenHome& home, const Path& folder, Authorities& all) {
  std::string table = csv_line({"id", "serial", "subject", "kind", "status", "issuer", "not_before", "not_after",
                                "profile", "subscriber", "mail", "key"});
  const auto write = [&](const store::CertificateRecord& record) -> Status {
    ANTIN_CHECK(in("export " + record.id, add_certificate(record, folder, all.at(record.issuer), session.now())));
    table += csv_of(record);
    return {};
  };
  ANTIN_CHECK(home.store->for_each_certificate({}, session.now(), write));
  return table;
}

std::string even_hex(std::uint64_t number) {
  std::string text;
  do text.insert(0, 1, "0123456789ABCDEF"[number % 16]);
  while ((number /= 16) != 0);
  return text.size() % 2 == 0 ? text : "0" + text;
}

Status write_authority(Session& session, OpenHome& home, const Path& folder, const std::string& name,
                       const Authority& authority) {
  std::string index = authority.index;
  for (const store::ListedSerial& one : authority.lost)
    index += x509::openssl_index_line(authority.revoked.at(one.serial), one.not_after) + "\n";
  ANTIN_CHECK(write_file(folder / "index.txt", index));
  ANTIN_CHECK(write_file(folder / "index.txt.attr", "unique_subject = no\n"));
  ANTIN_CHECK(write_file(folder / "openssl.cnf", authority.configuration));
  // `openssl ca` draws serials at random too (rand_serial); for who does not: a file to count on from.
  ANTIN_TRY(const x509::SerialNumber next, x509::SerialNumber::random(session.random()));
  const std::string digits = next.hex();
  ANTIN_CHECK(write_file(folder / "serial", (digits.size() % 2 == 0 ? "" : "0") + digits + "\n"));
  ANTIN_TRY(const auto last, home.store->last_crl(name));
  ANTIN_CHECK(write_file(folder / "crlnumber", even_hex(last ? last->number + 1 : 1) + "\n"));
  ANTIN_CHECK(write_file(folder / "ca.pem", authority.certificate));
  Result<Bytes> list = read_file(session.home.crl(name));
  if (!list) return list.error().code == ErrorCode::not_found ? Status() : Status(fail(list.error()));
  return write_file(folder / "crl.der", *list);
}

Status require_empty(const Path& folder) {
  std::error_code error;
  if (!std::filesystem::exists(folder, error) || std::filesystem::is_empty(folder, error)) return {};
  return fail(ErrorCode::already_exists, "export: " + folder.string() + " is not empty: name a new folder");
}

Result<ExitCode> export_everything(Session& session, const ExportOptions& options) {
  ANTIN_TRY(OpenHome home, open_home(session, Access::read));
  const Path folder = options.out;
  ANTIN_CHECK(require_empty(folder));
  ANTIN_TRY(Authorities all, authorities(home, session.now()));
  if (!session.dry_run) {
    for (const auto& [name, one] : all) ANTIN_CHECK(make_directories(folder / name / "certs"));
    ANTIN_TRY(const std::string table, write_certificates(session, home, folder, all));
    for (const auto& [name, one] : all) ANTIN_CHECK(write_authority(session, home, folder / name, name, one));
    ANTIN_CHECK(write_file(folder / "certificates.csv", table));  // last: an export with it is whole
  }
  session.say(session.dry_run ? "export.would" : "export.done", {folder.string()});
  if (session.json) session.print({{"directory", folder.string()}, {"dry_run", session.dry_run}});
  return exit_done;
}

}  // namespace

void add_export(Command antin) {
  add_command<ExportOptions>(
      antin, "export", "export",
      [](Command command, ExportOptions& options) {
        command.flag("--all", options.all, "export.all").required();
        command.option("-o,--out", options.out, "export.out").required().value_name("DIR");
      },
      export_everything);
}

}  // namespace antin::commands
