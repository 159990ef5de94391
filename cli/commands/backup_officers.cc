// `antin backup officers`: each officer's second key and its certificate; and the officers who open a backup.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "ca/authority/encryption_key.h"
#include "ca/authority/issuer_service.h"
#include "cli/commands/backup_steps.h"
#include "cli/commands/ca_session.h"
#include "hsm/pkcs11/uri.h"

namespace antin::commands {
namespace {

// The tokens' labels: of the configuration, or those asked for.
Result<std::vector<std::string>> labels_of(const wiring::Config& config, const std::vector<std::string>& asked) {
  if (!asked.empty()) return asked;
  std::vector<std::string> labels;
  for (const auto& [name, source] : config.officers.pins) {
    ANTIN_TRY(const hsm::pkcs11::Uri token, hsm::pkcs11::parse_token_name(name));
    labels.push_back(token.token);
  }
  return labels;
}

struct Word {
  std::string label, officer_id;
  std::shared_ptr<const hsm::SigningKey> signer;
  Bytes public_key_info;
};

Result<Word> word_of(Session& session, OpenHome& home, wiring::Tokens& tokens, const std::string& label) {
  ANTIN_TRY(const store::CertificateRecord officer, in("officer", home.store->certificate(label, session.now())));
  ANTIN_TRY(const std::shared_ptr<hsm::Token> token, tokens.token(label));
  ANTIN_TRY(auto signer, token->find_key({.id = {}, .label = label}));
  const hsm::KeyRef ref = wiring::named_key(encryption_key_label(label));
  auto key = token->find_agreement_key(ref);
  if (!key && key.error().code == ErrorCode::not_found) key = token->generate_agreement_key(ref);
  if (!key) return fail(std::move(key).error());
  return Word{label, officer.id, std::move(signer), to_bytes((*key)->public_key_info())};
}

// With the officers' module open: their words; afterwards with the CA's: their certificates. Two SoftHSM2 homes are not
// open at once.
Result<std::vector<Word>> words_of(Session& session, OpenHome& home, const std::vector<std::string>& labels,
                                   wiring::Tokens& tokens) {
  std::vector<Word> words;
  for (const std::string& label : labels) {
    ANTIN_TRY(Word word, in(label, word_of(session, home, tokens, label)));
    ANTIN_CHECK(in(label, authority::name_encryption_key(home.context(session), word.officer_id, *word.signer,
                                                         word.public_key_info)));
    word.signer.reset();
    words.push_back(std::move(word));
  }
  return words;
}

Status keep_certificates(Session& session, const OpenHome& home,
                         const std::vector<std::pair<std::string, store::CertificateRecord>>& issued) {
  ANTIN_TRY(wiring::Tokens tokens, wiring::open_officers(session.home, home.config));
  for (const auto& [label, record] : issued) {
    ANTIN_TRY(const std::shared_ptr<hsm::Token> token, tokens.token(label));
    ANTIN_CHECK(in(label, token->write_certificate(wiring::named_key(encryption_key_label(label)), record.der)));
  }
  return {};
}

Status add_pin(const std::string& text, wiring::TokenHome& how) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
    return fail(ErrorCode::invalid_argument, "--pin wants LABEL=SOURCE, as officer-1=prompt");
  how.pins[text.substr(0, equals)] = text.substr(equals + 1);
  return {};
}

}  // namespace

namespace {

Result<store::CertificateRecord> certify(Session& session, const OpenHome& home, const OpenIssuers& issuers,
                                         const Word& word) {
  const authority::Context context = home.context(session);
  ANTIN_TRY(const std::string name,
            authority::issuer_of_request(
                context, authority::encryption_request_id(word.officer_id, word.public_key_info), "government"));
  const issuance::Issuer* issuer = issuers.find(name);
  if (issuer == nullptr) return fail(ErrorCode::failed_precondition, "no issuing CA for the bloc government");
  return authority::certify_encryption_key(context, *issuer, name, word.officer_id, word.public_key_info);
}

}  // namespace

Result<ExitCode> make_encryption_keys(Session& session, const OfficersOptions& options) {
  ANTIN_TRY(OpenHome home, open_home(session, session.dry_run ? Access::read : Access::write));
  ANTIN_TRY(const std::vector<std::string> labels, labels_of(home.config, options.officers));
  Json officers = Json::array();
  if (session.dry_run) {
    for (const std::string& label : labels) {
      session.say("backup.would_make_key", {label});
      officers.push_back({{"officer", label}});
    }
    if (session.json) session.print({{"dry_run", true}, {"officers", officers}});
    return exit_done;
  }
  std::vector<Word> words;
  {
    ANTIN_TRY(wiring::Tokens tokens, wiring::open_officers(session.home, home.config));
    ANTIN_TRY(words, words_of(session, home, labels, tokens));
  }
  std::vector<std::pair<std::string, store::CertificateRecord>> issued;
  {
    ANTIN_TRY(const std::vector<std::string> names, issuers_at_work(session, home, "government"));
    ANTIN_TRY(const OpenIssuers issuers, open_issuers(session, home, names));
    for (const Word& word : words) {
      ANTIN_TRY(store::CertificateRecord record, in(word.label, certify(session, home, issuers, word)));
      issued.emplace_back(word.label, std::move(record));
    }
  }
  ANTIN_CHECK(keep_certificates(session, home, issued));
  for (const auto& [label, record] : issued) {
    session.say("backup.key_made", {label, record.id});
    officers.push_back({{"officer", label}, {"certificate", record.id}, {"sha256", to_hex(sha256(record.der))}});
  }
  if (session.json) session.print({{"officers", officers}});
  return exit_done;
}

Result<Openers> Openers::open(const OpenersOptions& options) {
  if (options.folder.empty() && options.module.empty())
    return fail(ErrorCode::invalid_argument,
                "the officers' tokens are needed: give --officers DIR or --officers-module FILE");
  wiring::TokenHome how;
  how.module = options.module;
  if (!options.folder.empty()) {
    const Path folder = std::filesystem::absolute(options.folder);
    how.softhsm2 = folder.string();
    for (const std::string& label : options.officers) {
      const Path pin = folder / "pins" / (label + ".pin");
      std::error_code error;
      if (std::filesystem::exists(pin, error)) how.pins[label] = "file:" + pin.string();
    }
  }
  for (const std::string& pin : options.pins) ANTIN_CHECK(add_pin(pin, how));
  const wiring::Home here{std::filesystem::current_path()};
  ANTIN_TRY(const hsm::pkcs11::ModuleConfig config, wiring::module_config(here, how));
  ANTIN_TRY(auto module, hsm::pkcs11::Module::load(config));
  Openers openers(std::make_unique<wiring::Tokens>(std::move(module), here, how), options.officers);
  for (const std::string& label : options.officers) {
    ANTIN_TRY(const std::shared_ptr<hsm::Token> token, openers.tokens_->token(label));
    ANTIN_TRY(auto key, token->find_agreement_key({.id = {}, .label = encryption_key_label(token->info().label)}));
    openers.keys_.push_back(std::move(key));
  }
  return openers;
}

Result<Secret> Openers::unlock(const backup::Header& header) const {
  std::vector<Secret> shares;
  for (const auto& key : keys_) {
    ANTIN_TRY(Secret share, backup::open_share(header, *key));
    shares.push_back(std::move(share));
  }
  return backup::join(header, shares);
}

std::string Openers::names() const {
  std::string all;
  for (const std::string& label : labels_) all += (all.empty() ? "" : " ") + label;
  return all;
}

}  // namespace antin::commands
