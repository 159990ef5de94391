#include "cli/wiring/config.h"

#include <toml++/toml.h>

#include <filesystem>
#include <initializer_list>
#include <optional>

#include "ca/authority/issuer_register.h"
#include "hsm/pkcs11/uri.h"

namespace antin::wiring {
namespace {

std::string place(const toml::node& node) { return "antin.toml line " + std::to_string(node.source().begin.line); }

// Every key of `table` must be one of `known`.
Status only(const toml::table& table, std::string_view where, std::initializer_list<std::string_view> known) {
  for (const auto& [key, node] : table) {
    bool found = false;
    for (std::string_view name : known) found = found || key.str() == name;
    if (!found) {
      return fail(ErrorCode::invalid_argument,
                  place(node) + ": unknown key `" + std::string(key.str()) + "` in " + std::string(where));
    }
  }
  return {};
}

template <class T>
Status read(const toml::table& table, std::string_view key, T& into) {
  const toml::node* node = table.get(key);
  if (node == nullptr) return {};
  std::optional<T> value = node->value_exact<T>();
  if (!value)
    return fail(ErrorCode::invalid_argument, place(*node) + ": `" + std::string(key) + "` has the wrong type");
  into = *value;
  return {};
}

Status read_number(const toml::table& table, std::string_view key, std::int64_t low, std::int64_t high,
                   std::int64_t& into) {
  ANTIN_CHECK(read(table, key, into));
  if (into >= low && into <= high) return {};
  return fail(ErrorCode::invalid_argument, "antin.toml: `" + std::string(key) + "` must be from " +
                                               std::to_string(low) + " to " + std::to_string(high));
}

Result<const toml::table*> section(const toml::table& table, std::string_view key) {
  static const toml::table empty;
  const toml::node* node = table.get(key);
  if (node == nullptr) return &empty;
  if (const toml::table* found = node->as_table()) return found;
  return fail(ErrorCode::invalid_argument, place(*node) + ": `" + std::string(key) + "` must be a table");
}

bool is_pin_source(std::string_view text) {
  for (std::string_view kind : {"file:", "env:", "fd:", "credential:"}) {
    if (text.starts_with(kind) && text.size() > kind.size()) return true;
  }
  return text == "prompt";
}

Status read_pins(const toml::table& table, TokenHome& into) {
  ANTIN_TRY(const toml::table* pins, section(table, "pins"));
  for (const auto& [token, node] : *pins) {
    std::optional<std::string> source = node.value_exact<std::string>();
    if (!source || !is_pin_source(*source)) {
      return fail(ErrorCode::invalid_argument, place(node) + ": the PIN source of token " + std::string(token.str()) +
                                                   " must be file:PATH, env:NAME, fd:N, credential:NAME or prompt");
    }
    ANTIN_CHECK(in(place(node), hsm::pkcs11::parse_token_name(token.str())));
    into.pins[std::string(token.str())] = *source;
  }
  return {};
}

Status read_restored(const toml::table& table, std::string_view name, TokenHome& into) {
  ANTIN_TRY(const toml::table* restored, section(table, "restored"));
  for (const auto& [serial, node] : *restored) {
    std::optional<std::string> present = node.value_exact<std::string>();
    if (!present || present->empty())
      return fail(ErrorCode::invalid_argument,
                  place(node) + ": [tokens." + std::string(name) + ".restored] wants \"old serial\" = \"new serial\"");
    into.restored[std::string(serial.str())] = *present;
  }
  return {};
}

Status read_module(const toml::table& table, std::string_view name, TokenHome& into) {
  ANTIN_CHECK(read(table, "module", into.module));
  ANTIN_CHECK(read(table, "module_arguments", into.module_arguments));
  ANTIN_TRY(const toml::table* environment, section(table, "module_environment"));
  for (const auto& [variable, node] : *environment) {
    const std::optional<std::string> value = node.value_exact<std::string>();
    if (!value)
      return fail(ErrorCode::invalid_argument,
                  place(node) + ": [tokens." + std::string(name) + ".module_environment] wants NAME = \"text\"");
    into.module_environment[std::string(variable.str())] = *value;
  }
  if (into.module.empty() && (!into.module_arguments.empty() || !into.module_environment.empty()))
    return fail(ErrorCode::invalid_argument, "antin.toml: [tokens." + std::string(name) +
                                                 "] has `module_arguments` or `module_environment` and no `module`");
  return {};
}

Status read_token_home(const toml::table& tokens, std::string_view name, TokenHome& into) {
  ANTIN_TRY(const toml::table* table, section(tokens, name));
  if (table->empty()) return {};
  into = TokenHome{};
  ANTIN_CHECK(only(*table, "[tokens." + std::string(name) + "]",
                   {"softhsm2", "module", "module_arguments", "module_environment", "software", "max_sessions", "pins",
                    "restored"}));
  ANTIN_CHECK(read(*table, "softhsm2", into.softhsm2));
  ANTIN_CHECK(read(*table, "software", into.software));
  ANTIN_CHECK(read_module(*table, name, into));
  std::int64_t sessions = into.max_sessions;
  ANTIN_CHECK(read_number(*table, "max_sessions", 1, 1024, sessions));
  into.max_sessions = static_cast<unsigned>(sessions);
  if (into.softhsm2.empty() == into.module.empty()) {
    return fail(ErrorCode::invalid_argument,
                "antin.toml: [tokens." + std::string(name) + "] needs either `softhsm2` or `module`");
  }
  ANTIN_CHECK(read_restored(*table, name, into));
  return read_pins(*table, into);
}

// A profile's policies: object identifiers, in dots.
Status read_policies(const toml::table& root, issuance::PolicyIds& policies) {
  ANTIN_TRY(const toml::table* table, section(root, "policies"));
  for (const auto& [profile, node] : *table) {
    const toml::array* list = node.as_array();
    std::vector<std::string> ids;
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i)
      if (const auto id = (*list)[i].value<std::string>()) ids.push_back(*id);
    if (list == nullptr || ids.empty() || ids.size() != list->size())
      return fail(ErrorCode::invalid_argument,
                  place(node) + ": `" + std::string(profile.str()) + "` must be a list of object identifiers");
    policies[std::string(profile.str())] = std::move(ids);
  }
  return {};
}

Status read_listen(const toml::table& root, Listen& listen) {
  ANTIN_TRY(const toml::table* table, section(root, "listen"));
  ANTIN_CHECK(only(*table, "[listen]", {"address", "tls_certificate", "tls_key", "tls_client_ca"}));
  ANTIN_CHECK(read(*table, "address", listen.address));
  ANTIN_CHECK(read(*table, "tls_certificate", listen.certificate));
  ANTIN_CHECK(read(*table, "tls_key", listen.key));
  ANTIN_CHECK(read(*table, "tls_client_ca", listen.client_ca));
  if (listen.certificate.empty() != listen.key.empty())
    return fail(ErrorCode::invalid_argument,
                "antin.toml: [listen] needs both `tls_certificate` and `tls_key`, or neither");
  if (!listen.client_ca.empty() && listen.key.empty())
    return fail(ErrorCode::invalid_argument,
                "antin.toml: [listen] `tls_client_ca` needs `tls_certificate` and `tls_key`");
  return {};
}

Status read_backup(const toml::table& root, Backup& backup) {
  ANTIN_TRY(const toml::table* table, section(root, "backup"));
  ANTIN_CHECK(only(*table, "[backup]", {"threshold", "ship"}));
  std::int64_t threshold = backup.threshold;
  ANTIN_CHECK(read_number(*table, "threshold", 2, 16, threshold));
  backup.threshold = static_cast<unsigned>(threshold);
  ANTIN_CHECK(read(*table, "ship", backup.ship));
  if (backup.ship.empty() || Path(backup.ship).is_absolute()) return {};
  return fail(ErrorCode::invalid_argument,
              "antin.toml: [backup] `ship` must be an absolute path, best on another machine");
}

Status read_sections(const toml::table& root, Config& config) {
  ANTIN_CHECK(only(root, "the file",
                   {"version", "production", "publish", "issuing", "store", "revocation", "policies", "listen", "backup",
                    "tokens"}));
  std::int64_t file_version = 0;
  ANTIN_CHECK(read_number(root, "version", 1, 1, file_version));
  ANTIN_CHECK(read(root, "production", config.production));
  ANTIN_TRY(const toml::table* publish, section(root, "publish"));
  ANTIN_CHECK(only(*publish, "[publish]", {"url", "crl_validity_hours"}));
  ANTIN_CHECK(read(*publish, "url", config.publish_url));
  std::int64_t validity = std::chrono::duration_cast<hours>(config.crl_validity).count();
  ANTIN_CHECK(read_number(*publish, "crl_validity_hours", 1, 24 * 366, validity));
  config.crl_validity = hours{validity};
  ANTIN_TRY(const toml::table* issuing, section(root, "issuing"));
  ANTIN_CHECK(only(*issuing, "[issuing]", {"required_approvals", "second_opinion"}));
  ANTIN_TRY(const toml::table* store, section(root, "store"));
  ANTIN_CHECK(only(*store, "[store]", {"least_free_mb"}));
  std::int64_t least_free = static_cast<std::int64_t>(config.least_free_mb);
  ANTIN_CHECK(read_number(*store, "least_free_mb", 0, 1'000'000'000, least_free));
  config.least_free_mb = static_cast<std::uint64_t>(least_free);
  std::int64_t approvals = config.required_approvals;
  ANTIN_CHECK(read_number(*issuing, "required_approvals", 1, 16, approvals));
  config.required_approvals = static_cast<unsigned>(approvals);
  std::string opinion = "full";
  ANTIN_CHECK(read(*issuing, "second_opinion", opinion));
  if (opinion != "full" && opinion != "fields")
    return fail(ErrorCode::invalid_argument, "antin.toml: `second_opinion` must be full or fields");
  config.second_opinion = opinion == "full" ? x509::SecondOpinion::full : x509::SecondOpinion::fields;
  ANTIN_CHECK(read_policies(root, config.policies));
  ANTIN_CHECK(read_listen(root, config.listen));
  ANTIN_TRY(const toml::table* revocation, section(root, "revocation"));
  ANTIN_CHECK(only(*revocation, "[revocation]", {"suspension"}));
  ANTIN_CHECK(read(*revocation, "suspension", config.suspension));
  ANTIN_CHECK(read_backup(root, config.backup));
  ANTIN_TRY(const toml::table* tokens, section(root, "tokens"));
  ANTIN_CHECK(only(*tokens, "[tokens]", {"ca", "officers", "service", "subscribers"}));
  ANTIN_CHECK(read_token_home(*tokens, "ca", config.ca));
  ANTIN_CHECK(read_token_home(*tokens, "officers", config.officers));
  ANTIN_CHECK(read_token_home(*tokens, "service", config.service));
  ANTIN_CHECK(read_token_home(*tokens, "subscribers", config.subscribers));
  for (const TokenHome* other : {&config.officers, &config.service, &config.subscribers})
    if (!other->software.empty())
      return fail(ErrorCode::invalid_argument, "antin.toml: `software` is for [tokens.ca] alone");
  if (config.subscribers.pins.empty() && config.subscribers.restored.empty()) return {};
  return fail(ErrorCode::invalid_argument,
              "antin.toml: [tokens.subscribers] names no PIN and no restored token: they belong to their subscribers");
}

Status refuse_pin_files(const Config& config) {
  if (!config.production) return {};
  for (const TokenHome* tokens : {&config.ca, &config.officers, &config.service}) {
    for (const auto& [label, source] : tokens->pins) {
      if (!source.starts_with("file:")) continue;
      return fail(ErrorCode::permission_denied,
                  "antin.toml: token " + label +
                      ": a production configuration refuses PIN files: use credential, fd, env or prompt");
    }
  }
  return {};
}

// A key that is opened in this process's memory is no key of an authority in earnest, whatever encrypts its file.
Status refuse_software(const Config& config) {
  if (!config.production || config.ca.software.empty()) return {};
  return fail(ErrorCode::permission_denied,
              "antin.toml: [tokens.ca] `software`: a production configuration refuses keys in software: they belong "
              "into a token");
}

std::string toml_string(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string token_home_text(std::string_view name, const TokenHome& tokens) {
  std::string out = "\n[tokens." + std::string(name) + "]\n";
  out += tokens.module.empty() ? "softhsm2 = " + toml_string(tokens.softhsm2) + "\n"
                               : "module = " + toml_string(tokens.module) + "\n";
  if (!tokens.software.empty()) out += "software = " + toml_string(tokens.software) + "\n";
  if (!tokens.module_arguments.empty()) out += "module_arguments = " + toml_string(tokens.module_arguments) + "\n";
  out += "max_sessions = " + std::to_string(tokens.max_sessions) + "\n";
  if (!tokens.module_environment.empty()) out += "\n[tokens." + std::string(name) + ".module_environment]\n";
  for (const auto& [variable, value] : tokens.module_environment)
    out += toml_string(variable) + " = " + toml_string(value) + "\n";
  out += "\n[tokens." + std::string(name) + ".pins]\n";
  for (const auto& [label, source] : tokens.pins) out += toml_string(label) + " = " + toml_string(source) + "\n";
  if (tokens.restored.empty()) return out;
  out += "\n[tokens." + std::string(name) + ".restored]\n";
  for (const auto& [old, now] : tokens.restored) out += toml_string(old) + " = " + toml_string(now) + "\n";
  return out;
}

}  // namespace

authority::Settings settings(const Config& config) {
  return {.production = config.production, .suspension = config.suspension};
}

Config default_config() {
  Config config;
  auto softhsm2 = [](const std::string& folder, std::initializer_list<const char*> labels) {
    TokenHome tokens{.softhsm2 = folder};
    for (const char* label : labels) tokens.pins[label] = "file:" + folder + "/pins/" + label + ".pin";
    return tokens;
  };
  config.ca = softhsm2("ca", {"root", "party", "government"});
  config.officers = softhsm2("officers", {"officer-1", "officer-2"});
  config.service = softhsm2("service", {"seals", "leaders"});
  return config;
}

Result<Config> parse_config(std::string_view text) {
  try {
    toml::table root = toml::parse(text);
    Config config;
    ANTIN_CHECK(read_sections(root, config));
    ANTIN_CHECK(refuse_pin_files(config));
    ANTIN_CHECK(refuse_software(config));
    return config;
  } catch (const toml::parse_error& error) {
    return fail(ErrorCode::invalid_argument, "antin.toml line " + std::to_string(error.source().begin.line) + ": " +
                                                 std::string(error.description()));
  }
}

namespace {

// The PINs of tokens that a roll-over or an officers' ceremony made in `where`: nobody wrote them into antin.toml.
std::map<std::string, std::string> made_pins(const Home& home, const std::string& where) {
  std::map<std::string, std::string> made;
  if (where.empty()) return made;
  std::error_code error;
  const Path folder = home.root / where / "pins";
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (!name.ends_with(".pin") || name.ends_with(".so.pin")) continue;
    const std::string label = name.substr(0, name.size() - 4);
    if (authority::is_issuer_name(label)) made.emplace(label, "file:" + where + "/pins/" + name);
  }
  return made;
}

}  // namespace

Result<Config> read_config(const Home& home) {
  ANTIN_CHECK(require_initialised(home));
  ANTIN_TRY(Bytes text, read_file(home.config(), 1u << 20));
  ANTIN_TRY(Config config, in(home.root.string(), parse_config(text_of(text))));
  if (config.production) return config;
  for (const std::string& where : {config.ca.softhsm2, config.ca.software})
    for (const auto& [label, source] : made_pins(home, where))
      if (authority::generation_of(label) > 1) config.ca.pins.emplace(label, source);
  config.officers.made_pins = made_pins(home, config.officers.softhsm2);
  return config;
}

std::string to_toml(const Config& config) {
  std::string out = "# Configuration of one authority; docs/formats/home.md describes every key.\nversion = 1\n";
  out += "# A production configuration refuses PIN files.\n";
  out += std::string("production = ") + (config.production ? "true" : "false") + "\n";
  out += "\n[publish]\nurl = " + toml_string(config.publish_url) + "\n";
  out +=
      "crl_validity_hours = " + std::to_string(std::chrono::duration_cast<hours>(config.crl_validity).count()) + "\n";
  out += "\n[issuing]\nrequired_approvals = " + std::to_string(config.required_approvals) + "\n";
  out += std::string("second_opinion = ") +
         (config.second_opinion == x509::SecondOpinion::full ? "\"full\"" : "\"fields\"") + "\n";
  out += "\n[store]\nleast_free_mb = " + std::to_string(config.least_free_mb) + "\n";
  out +=
      "\n# No law that is known here has a suspension of certificates: true allows it.\n[revocation]\nsuspension = " +
      std::string(config.suspension ? "true" : "false") + "\n";
  if (!config.policies.empty()) out += "\n[policies]\n";
  for (const auto& [profile, ids] : config.policies) {
    out += toml_string(profile) + " = [";
    for (const std::string& id : ids) out += (id == ids.front() ? "" : ", ") + toml_string(id);
    out += "]\n";
  }
  out += "\n[listen]\naddress = " + toml_string(config.listen.address) + "\n";
  for (const auto& [key, value] : {std::pair{"tls_certificate", &config.listen.certificate},
                                   {"tls_key", &config.listen.key},
                                   {"tls_client_ca", &config.listen.client_ca}})
    if (!value->empty()) out += std::string(key) + " = " + toml_string(*value) + "\n";
  out += "\n[backup]\nthreshold = " + std::to_string(config.backup.threshold) + "\n";
  if (!config.backup.ship.empty()) out += "ship = " + toml_string(config.backup.ship) + "\n";
  out += token_home_text("ca", config.ca);
  out += token_home_text("officers", config.officers);
  out += token_home_text("service", config.service);
  const TokenHome tray = Config().subscribers;
  const bool usual =
      config.subscribers.softhsm2 == tray.softhsm2 && config.subscribers.max_sessions == tray.max_sessions;
  return usual ? out : out + token_home_text("subscribers", config.subscribers);
}

Status write_config(const Home& home, const Config& config) { return write_file(home.config(), to_toml(config), 0644); }

}  // namespace antin::wiring
