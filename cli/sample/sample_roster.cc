#include "cli/sample/sample_roster.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "base/encoding.h"
#include "ca/x509/csr.h"
#include "cli/sample/bodies.h"
#include "cli/sample/persons.h"
#include "hsm/software/software_key.h"

namespace antin::sample {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* government = "ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG (DỮ LIỆU GIẢ LẬP)";
constexpr const char* party = "TỈNH ỦY LÂM ĐỒNG (DỮ LIỆU GIẢ LẬP)";

// The People's Committee and the Party Committee of the province.
const std::string government_code = "000.00.90.H36", party_code = "945.90.90.H36";

struct Subscriber {
  std::string code, name, mail;
  const Body* body = nullptr;
  bool person = false, rsa = false;
};

void add_persons(const Body& body, std::uint64_t posts, Dice& dice, Mailboxes& mailboxes, unsigned& rsa_leaders,
                 std::vector<Subscriber>& all) {
  for (std::uint64_t i = 1; i <= posts; ++i) {
    const std::string name = person_name(dice);
    const bool rsa = body.leaders && i == 1 && body.code != demo_organisation && rsa_leaders < 10;
    if (rsa) ++rsa_leaders;
    const std::string number = (i < 10 ? "0" : "") + std::to_string(i);
    all.push_back({body.code + "-" + number, name, mailboxes.mailbox(name, body.name), &body, true, rsa});
  }
}

// At least `wanted`: where the province has fewer, every body has further posts.
std::vector<Subscriber> subscribers(const std::vector<Body>& all_bodies, std::uint64_t seed, std::uint64_t wanted) {
  std::vector<Subscriber> all;
  Dice dice(seed);
  Mailboxes mailboxes;
  unsigned rsa_bodies = 0, rsa_leaders = 0;
  for (const Body& body : all_bodies) {
    const bool rsa = body.leaders && body.code != demo_organisation && rsa_bodies < 10;
    if (rsa) ++rsa_bodies;
    all.push_back({body.code, body.name, "", &body, false, rsa});
  }
  std::uint64_t known = all_bodies.size();
  for (const Body& body : all_bodies) known += body.posts;
  const std::uint64_t missing = wanted > known ? wanted - known : 0;
  for (std::uint64_t i = 0; i < all_bodies.size(); ++i) {
    const std::uint64_t further = missing / all_bodies.size() + (i < missing % all_bodies.size() ? 1 : 0);
    add_persons(all_bodies[i], all_bodies[i].posts + further, dice, mailboxes, rsa_leaders, all);
  }
  return all;
}

// `wanted` of them: the demo's signers, then evenly over the list, in its order.
std::vector<Subscriber> choose(std::vector<Subscriber> all, std::uint64_t wanted) {
  if (wanted == 0 || wanted >= all.size()) return all;
  const auto demo = [](const Subscriber& one) { return one.code == demo_organisation || one.code == demo_leader; };
  std::vector<Subscriber> chosen, rest;
  for (Subscriber& one : all) (demo(one) ? chosen : rest).push_back(std::move(one));
  const std::uint64_t more = wanted > chosen.size() ? wanted - chosen.size() : 0;
  for (std::uint64_t i = 0; i < more; ++i) chosen.push_back(rest[i * rest.size() / more]);
  return chosen;
}

Json fields_of(const Subscriber& one, bool nfd) {
  Json fields;
  const char* organisation = one.body->party ? party : government;
  if (one.person) {
    fields = {{"cn", one.name}, {"o", organisation}, {"ou", upper_case(one.body->name)}, {"mail", one.mail}};
  } else {
    fields = {{"l", one.body->place}, {"o", organisation}, {"cn", upper_case(one.name)}};
  }
  if (nfd) {
    for (auto& [key, value] : fields.items()) value = decomposed(value.get<std::string>());
  }
  return fields;
}

// The subject of a request is not what is certified; the profile decides. It says whose it is.
Result<std::string> request_of(const Subscriber& one, const SampleOptions& options) {
  std::shared_ptr<const hsm::SigningKey> fresh;
  const hsm::SigningKey* key = one.code == demo_leader ? options.leader : nullptr;
  if (key == nullptr) {
    hsm::KeySpec spec;
    if (one.rsa || options.all_rsa) spec = {hsm::KeyAlgorithm::rsa, 2048};
    ANTIN_TRY(fresh, hsm::software::generate(spec));
    key = fresh.get();
  }
  ANTIN_TRY(x509::Name subject, x509::Name::from_rdns({{{"C", "VN"}}, {{"CN", one.name}}}));
  ANTIN_TRY(x509::CertificationRequest request, x509::CertificationRequest::make(subject, *key));
  return to_base64(request.der());
}

// The bodies of a list, which may ask.
struct AskingBodies {
  std::set<std::string> codes;
  std::string first_of_party;  // empty: none
};

// Who asks: the person's body, a body's uppermost one; where that is not in the list, a body of the same bloc: the first
// of the Party, or the province's focal point.
std::string asking_body(const Subscriber& one, const AskingBodies& bodies) {
  const std::string& managing = one.person ? one.body->code : one.body->party ? party_code : government_code;
  if (bodies.codes.contains(managing)) return managing;
  if (!one.body->party) return demo_organisation;
  return bodies.first_of_party.empty() ? managing : bodies.first_of_party;
}

Result<std::string> line_of(const Subscriber& one, std::uint64_t row, const std::string& requested_by,
                            const SampleOptions& options) {
  const bool rsa = one.rsa || options.all_rsa;
  Json line = {{"row", row},
               {"code", one.code},
               {"kind", one.person ? "personal" : "organisation"},
               {"bloc", one.body->party ? "party" : "government"},
               {"profile", one.person ? "personal" : "organisation"},
               {"key", one.person ? "csr" : "token"},
               {"requested_by", requested_by}};
  if (!one.person) line["key_spec"] = rsa ? "rsa-2048" : "ec-p256";
  line["fields"] = fields_of(one, row % 50 == 7);  // some sources write decomposed letters
  if (one.person) {
    ANTIN_TRY(std::string request, request_of(one, options));
    line["csr"] = std::move(request);
  }
  return line.dump() + "\n";
}

}  // namespace

Result<Sample> sample_roster(const SampleOptions& options,
                             const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  const std::vector<Body> all_bodies = bodies();
  const std::vector<Subscriber> chosen = choose(subscribers(all_bodies, options.seed, options.rows), options.rows);
  Sample sample;
  // Another seed gives other persons: the roster has another name then.
  const std::string name =
      "lam-dong-2022" + (options.seed == SampleOptions{}.seed ? "" : "-" + std::to_string(options.seed));
  sample.file = Json{{"format", "antin-roster-1"}, {"name", name}}.dump() + "\n";
  AskingBodies asking;
  for (const Subscriber& one : chosen) {
    if (one.person) continue;
    asking.codes.insert(one.code);
    if (one.body->party && asking.first_of_party.empty()) asking.first_of_party = one.code;
  }
  std::uint64_t row = 0;
  for (const Subscriber& one : chosen) {
    ++row;
    ANTIN_TRY(std::string line,
              in("sample row " + std::to_string(row), line_of(one, row, asking_body(one, asking), options)));
    sample.file += line;
    (one.person ? sample.persons : sample.organisations) += 1;
    if (one.rsa || options.all_rsa) ++sample.rsa;
    progress(row, chosen.size());
  }
  return sample;
}

}  // namespace antin::sample
