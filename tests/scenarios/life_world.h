// World: one authority, of the program's own code on a store in a folder, beside the model that says what it should do.
//
// Each step is done to both; a difference is thrown as std::runtime_error that says what was done and what differs.
#pragma once

#include <array>
#include <cstdint>
#include <iosfwd>
#include <map>
#include <string>
#include <vector>

#include "ca/authority/proposal.h"
#include "tests/scenarios/life_model.h"
#include "tests/unit/authority/authority_fixture.h"

namespace antin::life {

// A ceremony that every world begins with a copy of: a Party CA that ends amid the years that are played, another that
// outlives them, a root that does too and certifies the generations that follow, and officers, the first of whom leaves
// early because the certificate ends.
struct Beginning {
  tests::AuthorityFixture authority;
  std::vector<std::string> officers;
  std::vector<tests::Key> officer_keys;
  Model model;

  Beginning();
  static Time start() { return time_at(2022, 1, 3, 1); }
};

// What is done next, in numbers that choose among what there is.
struct Step {
  unsigned what = 0, wait = 0;
  std::array<unsigned, 6> choice{};
};
std::ostream& operator<<(std::ostream& out, const Step& step);

inline std::string bloc_of(unsigned choice) { return choice % 2 == 0 ? "party" : "government"; }

// How often something happened, by name: a property that nothing exercises holds too easily.
using Tally = std::map<std::string, std::uint64_t>;

class World {
 public:
  explicit World(const Beginning& beginning);
  void take(const Step& step, Tally& tally);
  Time now() const { return clock_.now(); }

 private:
  static constexpr unsigned group_size = 2;  // so that rosters of three rows have two
  authority::Context context() { return {*store_, clock_, random_, nullptr, {.suspension = true}}; }
  authority::IssuingPlan plan();

  void wait(const Step& step);
  std::string submit(const Step& step);
  std::string hand_in(const std::vector<Row>& rows);
  std::string renew_late(const Step& step);
  std::string submit_again(const Step& step);
  std::string approve(const Step& step);
  std::string approve_as(Place roster, Place officer, const Step& step);
  std::string issue(const Step& step);
  std::string issue_one(Place roster);
  std::vector<std::size_t> rows_to_do(const Roster& roster) const;
  std::vector<std::size_t> rows_that_go(const Roster& roster, const std::vector<std::size_t>& open) const;
  std::string in_one_go(const Step& step);
  std::string revoke(const Step& step);
  std::string suspend(const Step& step);
  std::string resume(const Step& step);
  std::string block(const Step& step);
  std::string compromise(const Step& step);
  std::string propose_officer(const Step& step);
  std::string propose_profile(const Step& step);
  std::string approve_proposal(const Step& step);
  std::string approve_proposal_as(Place proposal, Place officer);
  std::string build_list(const Step& step);
  std::string propose_generation(const Step& step);
  std::string certify_generation(const Step& step);
  std::string serve_generation(const Step& step);
  std::string roll_over(const Step& step);
  std::string clock_back(const Step& step);

  Row random_row(const Step& step, unsigned turn);
  void spoil(Row& row, unsigned how);
  std::string file_of(const std::vector<Row>& rows);
  Place new_key();
  Place some_certificate(unsigned choice, bool officers_too) const;
  Place some_officer(unsigned choice) const;
  Place certificate_in_force(unsigned choice) const;
  Place some_roster(unsigned choice) const;
  Generation random_generation(const Step& step);
  Generation* some_generation(unsigned choice);
  const issuance::Issuer& issuer(const std::string& name) const;
  void check_issuer(const store::CertificateRecord& record, const Generation& by) const;
  void add_certificate(Roster& roster, const Bytes& hash, std::size_t row);

  void check() const;
  void check_certificates() const;
  void check_events(const Certificate& expected) const;
  void check_rosters() const;
  void check_roles() const;
  void check_issuers() const;
  void check_list(const std::string& name) const;

  const Beginning& beginning_;
  TemporaryDirectory folder_;
  std::unique_ptr<store::Store> store_;
  mutable FixedClock clock_{Beginning::start()};
  SystemRandom random_;
  Model model_;
  std::vector<tests::Key> keys_;
  std::map<Place, tests::Key> issuer_keys_;          // beside those of persons, who never get one of them
  std::map<std::string, issuance::Issuer> issuers_;  // beyond those of the ceremony
  std::vector<Bytes> roster_hashes_, proposal_hashes_;
  std::vector<std::string> roster_files_;
  std::uint64_t names_ = 0;
  Tally done_;
};

}  // namespace antin::life
