#include "ca/authority/cross_json.h"

#include <nlohmann/json.hpp>

#include "base/encoding.h"

namespace antin::authority {
namespace {

using Json = nlohmann::json;
using Texts = std::vector<std::string>;

std::unexpected<Error> unreadable() {
  return fail(ErrorCode::data_loss, "proposal: its content is none of antin-proposal-1");
}

Json subtrees_value(const x509::NameSubtrees& subtrees) {
  Json value = Json::object();
  for (const x509::Name& name : subtrees.directories) value["directory"].push_back(steps_of_name(name));
  if (!subtrees.mails.empty()) value["mail"] = subtrees.mails;
  if (!subtrees.hosts.empty()) value["dns"] = subtrees.hosts;
  return value;
}

Result<x509::NameSubtrees> read_subtrees(const Json& value, const char* member) {
  x509::NameSubtrees subtrees;
  if (!value.contains(member)) return subtrees;
  const Json& lists = value.at(member);
  for (const Json& steps : lists.value("directory", Json::array())) {
    ANTIN_TRY(x509::Name name, name_of_steps(steps.get<Texts>()));
    subtrees.directories.push_back(std::move(name));
  }
  subtrees.mails = lists.value("mail", Texts());
  subtrees.hosts = lists.value("dns", Texts());
  return subtrees;
}

Status read_octets(const Json& value, const char* member, Bytes& into) {
  if (!value.contains(member)) return {};
  const auto octets = from_base64(value.at(member).get<std::string>());
  if (!octets || octets->empty()) return unreadable();
  into = *octets;
  return {};
}

}  // namespace

Json cross_value(const CrossChange& change) {
  Json value = {{"kind", "cross"},
                {"name", change.name},
                {"issued_by", change.issued_by},
                {"until", to_rfc3339(change.not_after)},
                {"path_length", change.path_length},
                {"policies", change.policies}};
  if (!change.certificate.empty()) value["certificate"] = to_base64(change.certificate);
  if (!change.request.empty()) value["request"] = to_base64(change.request);
  if (!change.constraints.permitted.empty()) value["permitted"] = subtrees_value(change.constraints.permitted);
  if (!change.constraints.excluded.empty()) value["excluded"] = subtrees_value(change.constraints.excluded);
  if (!change.unconstrained.empty()) value["unconstrained"] = change.unconstrained;
  if (!change.remark.empty()) value["remark"] = change.remark;
  return value;
}

Result<CrossChange> read_cross_value(const Json& value) {
  CrossChange change;
  change.name = value.at("name").get<std::string>();
  change.issued_by = value.at("issued_by").get<std::string>();
  ANTIN_CHECK(read_octets(value, "certificate", change.certificate));
  ANTIN_CHECK(read_octets(value, "request", change.request));
  ANTIN_TRY(change.not_after, parse_rfc3339(value.at("until").get<std::string>()));
  change.path_length = value.at("path_length").get<unsigned>();
  change.policies = value.at("policies").get<Texts>();
  ANTIN_TRY(change.constraints.permitted, read_subtrees(value, "permitted"));
  ANTIN_TRY(change.constraints.excluded, read_subtrees(value, "excluded"));
  change.unconstrained = value.value("unconstrained", std::string());
  change.remark = value.value("remark", std::string());
  return change;
}

}  // namespace antin::authority
