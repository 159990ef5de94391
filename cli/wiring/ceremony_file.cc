#include "cli/wiring/ceremony_file.h"

#include <toml++/toml.h>

#include <algorithm>
#include <initializer_list>
#include <set>

#include "base/encoding.h"
#include "ca/authority/issuer_register.h"
#include "cli/wiring/config.h"
#include "cli/wiring/cross_file.h"

namespace antin::wiring {
namespace {

constexpr std::string_view format = "antin-ceremony-1";
constexpr std::size_t longest_text = 200;  // characters; names have their own bounds in the profiles

std::string place_of(const toml::node& node) {
  return "ceremony file line " + std::to_string(node.source().begin.line);
}

std::unexpected<Error> wrong(const toml::node& node, const std::string& why) {
  return fail(ErrorCode::invalid_argument, place_of(node) + ": " + why);
}

struct NamedKey {
  std::string_view name;
  hsm::KeySpec spec;
};
constexpr NamedKey keys[] = {
    {"p256", {hsm::KeyAlgorithm::ec_p256}},
    {"p384", {hsm::KeyAlgorithm::ec_p384}},
    {"rsa-3072", {hsm::KeyAlgorithm::rsa, 3072}},
    {"rsa-4096", {hsm::KeyAlgorithm::rsa, 4096}},
};

// One table of the file: what is read from it, by name and line.
class Section {
 public:
  Section(const toml::table& table, std::string where) : table_(table), where_(std::move(where)) {}

  // Every key of it must be one of `known`.
  Status only(std::initializer_list<std::string_view> known) const {
    for (const auto& [key, node] : table_)
      if (std::ranges::find(known, key.str()) == known.end())
        return fail(ErrorCode::invalid_argument,
                    place_of(node) + ": unknown key `" + std::string(key.str()) + "` in " + where_);
    return {};
  }

  Status text(std::string_view key, std::string& into) const {
    if (table_.get(key) == nullptr) return missing(key);
    return text_if(key, into);
  }
  Status text_if(std::string_view key, std::string& into) const {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return {};
    const std::optional<std::string> value = node->value_exact<std::string>();
    if (!value)
      return fail(ErrorCode::invalid_argument, place_of(*node) + ": `" + std::string(key) + "` has the wrong type");
    ANTIN_TRY(into, checked(*node, key, *value));
    return {};
  }
  Status number(std::string_view key, std::int64_t low, std::int64_t high, unsigned& into) const {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return missing(key);
    const std::optional<std::int64_t> value = node->value_exact<std::int64_t>();
    if (!value || *value < low || *value > high)
      return fail(ErrorCode::invalid_argument, place_of(*node) + ": `" + std::string(key) + "` must be from " +
                                                   std::to_string(low) + " to " + std::to_string(high));
    into = static_cast<unsigned>(*value);
    return {};
  }
  Status key(hsm::KeySpec& spec, std::string& name) const {
    ANTIN_CHECK(text("key", name));
    const auto found = std::ranges::find(keys, std::string_view(name), &NamedKey::name);
    if (found == std::end(keys))
      return wrong(*table_.get("key"), "`key` must be p256, p384, rsa-3072 or rsa-4096");
    spec = found->spec;
    return {};
  }
  Result<Section> section(const std::string& key) const {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return missing("[" + key + "]");
    if (const toml::table* table = node->as_table()) return Section(*table, "[" + key + "]");
    return fail(ErrorCode::invalid_argument, place_of(*node) + ": `" + key + "` must be a table");
  }
  Result<std::vector<Section>> sections(const std::string& key) const {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return missing("[[" + key + "]]");
    std::vector<Section> all;
    const toml::array* array = node->as_array();
    for (std::size_t i = 0; array != nullptr && i < array->size(); ++i)
      if (const toml::table* table = (*array)[i].as_table()) all.emplace_back(*table, "[[" + key + "]]");
    if (array != nullptr && !all.empty() && all.size() == array->size()) return all;
    return wrong(*node, "`" + key + "` must be tables, each under [[" + key + "]]");
  }
  Status texts_if(const std::string& key, std::vector<std::string>& into) const {
    const toml::node* node = table_.get(key);
    return node == nullptr ? Status() : read_texts(*node, key, into);
  }
  bool has(std::string_view key) const { return table_.get(key) != nullptr; }
  // A list of lists of texts.
  Status lists_if(const std::string& key, std::vector<std::vector<std::string>>& into) const {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return {};
    const toml::array* array = node->as_array();
    for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
      std::vector<std::string> texts;
      ANTIN_CHECK(read_texts((*array)[i], key, texts));
      into.push_back(std::move(texts));
    }
    if (array != nullptr) return {};
    return wrong(*node, "`" + key + "` must be a list of names, each a list of texts");
  }
  const toml::node& node(std::string_view key) const { return *table_.get(key); }
  const toml::table& table() const { return table_; }

 private:
  std::unexpected<Error> missing(std::string_view key) const {
    return wrong(table_, "`" + std::string(key) + "` is missing in " + where_);
  }
  static Status read_texts(const toml::node& node, const std::string& key, std::vector<std::string>& into) {
    const toml::array* array = node.as_array();
    for (std::size_t i = 0; array != nullptr && i < array->size(); ++i)
      if (const auto value = (*array)[i].value_exact<std::string>()) {
        ANTIN_TRY(std::string text, checked((*array)[i], key, *value));
        into.push_back(std::move(text));
      }
    if (array != nullptr && into.size() == array->size()) return {};
    return wrong(node, "`" + key + "` must be a list of texts");
  }
  // What is signed, printed and put into certificates is one line in NFC.
  static Result<std::string> checked(const toml::node& node, std::string_view key, const std::string& value) {
    const bool control =
        std::ranges::any_of(value, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
    const Result<std::string> nfc = to_nfc(value);
    if (value.empty() || control || !nfc || *nfc != value || count_code_points(value) > longest_text)
      return wrong(node, "`" + std::string(key) + "` must be a line of 1 to 200 characters in NFC");
    return value;
  }

  const toml::table& table_;
  std::string where_;
};

Result<CeremonyIssuer> read_issuer(const Section& section, std::string name) {
  CeremonyIssuer issuer;
  issuer.name = std::move(name);
  ANTIN_CHECK(section.text("common_name", issuer.common_name));
  ANTIN_CHECK(section.text("organisation", issuer.organisation));
  ANTIN_CHECK(section.key(issuer.key, issuer.key_name));
  ANTIN_CHECK(section.number("years", 1, 30, issuer.years));
  ANTIN_CHECK(section.text_if("token_serial", issuer.token_serial));
  return issuer;
}

Result<std::vector<CeremonyOfficer>> read_officers(const Section& root) {
  ANTIN_TRY(const std::vector<Section> sections, root.sections("officer"));
  std::vector<CeremonyOfficer> officers;
  std::set<std::string> tokens, names;
  for (const Section& section : sections) {
    ANTIN_CHECK(section.only({"token", "name", "organisation", "unit", "mail"}));
    CeremonyOfficer officer;
    ANTIN_CHECK(section.text("token", officer.token));
    ANTIN_CHECK(section.text("name", officer.name));
    ANTIN_CHECK(section.text("organisation", officer.organisation));
    ANTIN_CHECK(section.text_if("unit", officer.unit));
    ANTIN_CHECK(section.text_if("mail", officer.mail));
    if (!authority::is_issuer_name(officer.token) || officer.token.size() > 32)
      return wrong(section.node("token"), "`token` must be a label of small letters, digits and hyphens");
    if (!tokens.insert(officer.token).second || !names.insert(officer.name + "\n" + officer.organisation).second)
      return wrong(section.table(), "this officer is there twice");
    officers.push_back(std::move(officer));
  }
  return officers;
}

// The antin.toml that the ceremony begins with, for tokens other than SoftHSM2: reviewed beside, bound by its digest.
Status read_configuration(const Section& home, const Path& folder, RootCeremony& root) {
  std::string name, digest;
  ANTIN_CHECK(home.text_if("configuration", name));
  ANTIN_CHECK(home.text_if("configuration_sha256", digest));
  if (name.empty() && digest.empty()) return {};
  if (name.empty() || digest.empty())
    return wrong(home.table(), "`configuration` and `configuration_sha256` go together");
  if (Path(name).filename() != name || Path(name).extension() != ".toml" || name == "root.toml")
    return wrong(home.node("configuration"), "`configuration` must be the name of a .toml file beside this one");
  ANTIN_TRY(const Bytes content, read_file(folder / name, 1U << 20));
  if (to_hex(sha256(content)) != digest)
    return wrong(home.node("configuration"), "the configuration " + name + " has another SHA-256 than the file says");
  ANTIN_TRY(const Config config, in(name, parse_config(text_of(content))));
  if (config.required_approvals != root.required_approvals || config.publish_url != root.publish_url)
    return wrong(home.node("configuration"),
                 "the configuration " + name + " has other approvals or another publish URL than the file");
  root.configuration_name = name;
  root.configuration = std::string(text_of(content));
  return {};
}

Result<RootCeremony> read_root(const Section& file, const Path& folder) {
  ANTIN_CHECK(
      file.only({"format", "kind", "title", "place", "witnesses", "home", "root", "officer", "document_service"}));
  RootCeremony root;
  ANTIN_TRY(const Section home, file.section("home"));
  ANTIN_CHECK(home.only({"publish_url", "required_approvals", "configuration", "configuration_sha256"}));
  ANTIN_CHECK(home.text("publish_url", root.publish_url));
  if (!root.publish_url.starts_with("http://") || root.publish_url.ends_with('/') ||
      root.publish_url.find_first_of(" \"\\") != std::string::npos)
    return wrong(home.node("publish_url"), "`publish_url` must begin with http:// and not end with a slash");
  ANTIN_CHECK(home.number("required_approvals", 1, 16, root.required_approvals));
  ANTIN_TRY(const Section section, file.section("root"));
  ANTIN_CHECK(section.only({"common_name", "organisation", "key", "years", "token_serial"}));
  ANTIN_TRY(root.root, read_issuer(section, "root"));
  ANTIN_TRY(root.officers, read_officers(file));
  if (root.officers.size() < root.required_approvals || root.officers.size() < 2)
    return wrong(home.node("required_approvals"), "there are fewer officers than approvals are needed, or fewer than two");
  ANTIN_TRY(const Section service, file.section("document_service"));
  ANTIN_CHECK(service.only({"name", "organisation", "unit"}));
  ANTIN_CHECK(service.text("name", root.service.name));
  ANTIN_CHECK(service.text("organisation", root.service.organisation));
  ANTIN_CHECK(service.text_if("unit", root.service.unit));
  ANTIN_CHECK(read_configuration(home, folder, root));
  return root;
}

Result<IssuingCeremony> read_issuing(const Section& file) {
  ANTIN_CHECK(file.only({"format", "kind", "title", "place", "witnesses", "issuing"}));
  ANTIN_TRY(const Section section, file.section("issuing"));
  ANTIN_CHECK(section.only({"issuer", "common_name", "organisation", "key", "years", "token_serial"}));
  std::string name;
  ANTIN_CHECK(section.text("issuer", name));
  if (name != "party" && name != "government")
    return wrong(section.node("issuer"), "`issuer` must be party or government");
  ANTIN_TRY(CeremonyIssuer issuer, read_issuer(section, name));
  return IssuingCeremony{std::move(issuer)};
}

Result<RollOverCeremony> read_roll_over(const Section& file) {
  ANTIN_CHECK(file.only({"format", "kind", "title", "place", "witnesses", "roll_over"}));
  ANTIN_TRY(const Section section, file.section("roll_over"));
  ANTIN_CHECK(section.only({"issuer", "key", "issues_from", "token_serial", "remark"}));
  RollOverCeremony held;
  ANTIN_CHECK(section.text("issuer", held.issuer));
  held.bloc = authority::bloc_of(held.issuer);
  const bool known = held.bloc == "root" || held.bloc == "party" || held.bloc == "government";
  if (!known || !authority::is_issuer_name(held.issuer) || authority::generation_of(held.issuer) < 2)
    return wrong(section.node("issuer"), "`issuer` must be root, party or government with its generation, as party-2");
  ANTIN_CHECK(section.key(held.key, held.key_name));
  std::string from;
  ANTIN_CHECK(section.text("issues_from", from));
  const Result<Time> time = parse_rfc3339(from);
  if (!time) return wrong(section.node("issues_from"), "`issues_from` must be a time of RFC 3339 in quotes");
  held.issues_from = *time;
  ANTIN_CHECK(section.text_if("token_serial", held.token_serial));
  ANTIN_CHECK(section.text_if("remark", held.remark));
  return held;
}

Status read_witnesses(const Section& file, OfficersCeremony& held) {
  ANTIN_TRY(const std::vector<Section> sections, file.sections("witness"));
  std::set<std::string> tokens, names;
  for (const CeremonyOfficer& officer : held.officers) {
    tokens.insert(officer.token);
    names.insert(officer.name);
  }
  for (const Section& section : sections) {
    ANTIN_CHECK(section.only({"token", "name"}));
    CeremonyWitness witness;
    ANTIN_CHECK(section.text("token", witness.token));
    ANTIN_CHECK(section.text("name", witness.name));
    if (!authority::is_issuer_name(witness.token) || witness.token.size() > 32)
      return wrong(section.node("token"), "`token` must be a label of small letters, digits and hyphens");
    if (!tokens.insert(witness.token).second || !names.insert(witness.name).second)
      return wrong(section.table(), "this witness is there twice, or is an officer too");
    held.witnesses.push_back(std::move(witness));
  }
  if (held.witnesses.size() >= 2) return {};
  return wrong(file.node("witness"), "there are fewer than two witnesses");
}

Result<OfficersCeremony> read_new_officers(const Section& file) {
  ANTIN_CHECK(file.only({"format", "kind", "title", "place", "officers", "officer", "witness"}));
  ANTIN_TRY(const Section section, file.section("officers"));
  ANTIN_CHECK(section.only({"number", "reason"}));
  OfficersCeremony held;
  ANTIN_CHECK(section.number("number", 2, 99, held.number));
  ANTIN_CHECK(section.text("reason", held.reason));
  ANTIN_TRY(held.officers, read_officers(file));
  ANTIN_CHECK(read_witnesses(file, held));
  return held;
}

Status read_subtrees(const Section& cross, const std::string& key, x509::NameSubtrees& into) {
  if (!cross.has(key)) return {};
  ANTIN_TRY(const Section section, cross.section(key));
  ANTIN_CHECK(section.only({"directory", "mail", "dns"}));
  std::vector<std::vector<std::string>> names;
  ANTIN_CHECK(section.lists_if("directory", names));
  for (const std::vector<std::string>& steps : names) {
    ANTIN_TRY(x509::Name name, in(place_of(section.node("directory")), authority::name_of_steps(steps)));
    into.directories.push_back(std::move(name));
  }
  ANTIN_CHECK(section.texts_if("mail", into.mails));
  return section.texts_if("dns", into.hosts);
}

// The other authority's certificate or request: reviewed beside, bound by its digest.
Status read_other(const Section& section, const Path& folder, CrossCeremony& held) {
  const bool request = section.has("request");
  if (request == section.has("certificate"))
    return wrong(section.table(), "either `certificate` or `request` must be there");
  const char* key = request ? "request" : "certificate";
  std::string digest;
  ANTIN_CHECK(section.text(key, held.file_name));
  ANTIN_CHECK(section.text("sha256", digest));
  const std::string extension = Path(held.file_name).extension().string();
  constexpr std::string_view known[] = {".pem", ".crt", ".cer", ".der", ".csr"};
  if (Path(held.file_name).filename() != held.file_name || std::ranges::find(known, extension) == std::end(known))
    return wrong(section.node(key), "`" + std::string(key) +
                                        "` must be the name of a .pem, .crt, .cer, .der or .csr file beside this one");
  ANTIN_TRY(held.file, read_file(folder / held.file_name, 1U << 20));
  ANTIN_CHECK(in(place_of(section.node("sha256")),
                 take_other(held.file, request ? OtherFile::request : OtherFile::certificate, digest, held.change)));
  held.sha256 = antin::sha256(request ? held.change.request : held.change.certificate);
  return {};
}

Result<CrossCeremony> read_cross(const Section& file, const Path& folder) {
  ANTIN_CHECK(file.only({"format", "kind", "title", "place", "witnesses", "cross"}));
  ANTIN_TRY(const Section section, file.section("cross"));
  ANTIN_CHECK(section.only({"name", "issuer", "certificate", "request", "sha256", "until", "path_length", "policies",
                            "permitted", "excluded", "unconstrained", "remark"}));
  CrossCeremony held;
  authority::CrossChange& change = held.change;
  ANTIN_CHECK(section.text("name", change.name));
  if (!authority::is_cross_name(change.name))
    return wrong(section.node("name"), "`name` must be cross, a hyphen and a word, as cross-neighbour");
  ANTIN_CHECK(section.text("issuer", change.issued_by));
  std::string until;
  ANTIN_CHECK(section.text("until", until));
  const Result<Time> time = parse_rfc3339(until);
  if (!time) return wrong(section.node("until"), "`until` must be a time of RFC 3339 in quotes");
  change.not_after = *time;
  ANTIN_CHECK(section.number("path_length", 0, 8, change.path_length));
  ANTIN_CHECK(section.texts_if("policies", change.policies));
  ANTIN_CHECK(read_subtrees(section, "permitted", change.constraints.permitted));
  ANTIN_CHECK(read_subtrees(section, "excluded", change.constraints.excluded));
  ANTIN_CHECK(section.text_if("unconstrained", change.unconstrained));
  ANTIN_CHECK(section.text_if("remark", change.remark));
  ANTIN_CHECK(read_other(section, folder, held));
  return held;
}

Result<CeremonyFile> read_members(const Section& root, const Path& folder) {
  CeremonyFile file;
  std::string said, kind;
  ANTIN_CHECK(root.text("format", said));
  if (said != format) return wrong(root.node("format"), "`format` must be antin-ceremony-1");
  ANTIN_CHECK(root.text("kind", kind));
  ANTIN_CHECK(root.text("title", file.title));
  ANTIN_CHECK(root.text("place", file.place));
  ANTIN_CHECK(root.texts_if("witnesses", file.witnesses));
  if (kind == "root") {
    ANTIN_TRY(file.held, read_root(root, folder));
  } else if (kind == "issuing") {
    ANTIN_TRY(file.held, read_issuing(root));
  } else if (kind == "roll-over") {
    ANTIN_TRY(file.held, read_roll_over(root));
  } else if (kind == "officers") {
    ANTIN_TRY(OfficersCeremony held, read_new_officers(root));
    for (const CeremonyWitness& witness : held.witnesses) file.witnesses.push_back(witness.name);
    file.held = std::move(held);
  } else if (kind == "cross") {
    ANTIN_TRY(file.held, read_cross(root, folder));
  } else {
    return wrong(root.node("kind"), "`kind` must be root, issuing, roll-over, cross or officers");
  }
  return file;
}

}  // namespace

std::string_view CeremonyFile::kind() const {
  static constexpr std::string_view kinds[] = {"root", "issuing", "roll-over", "officers", "cross"};
  return kinds[held.index()];
}

std::string CeremonyFile::name() const {
  if (const auto* issuing = std::get_if<IssuingCeremony>(&held)) return issuing->issuer.name;
  if (const auto* roll_over = std::get_if<RollOverCeremony>(&held)) return roll_over->issuer;
  if (const auto* officers = std::get_if<OfficersCeremony>(&held))
    return "officers-" + std::to_string(officers->number);
  if (const auto* cross = std::get_if<CrossCeremony>(&held)) return cross->change.name;
  return "root";
}

Result<CeremonyFile> parse_ceremony_file(std::string_view text, const Path& folder) {
  try {
    const toml::table root = toml::parse(text);
    ANTIN_TRY(CeremonyFile file, read_members(Section(root, "the file"), folder));
    file.sha256 = antin::sha256(bytes_of(text));
    file.text = std::string(text);
    return file;
  } catch (const toml::parse_error& error) {
    return fail(ErrorCode::invalid_argument, "ceremony file line " + std::to_string(error.source().begin.line) + ": " +
                                                 std::string(error.description()));
  }
}

Result<CeremonyFile> read_ceremony_file(const Path& file) {
  ANTIN_TRY(const Bytes text, read_file(file, 1U << 20));
  return in(file.string(), parse_ceremony_file(text_of(text), file.parent_path()));
}

}  // namespace antin::wiring
