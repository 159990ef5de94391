// LifeObserver: what must hold at every moment of an explored life and at its end, and the words that tell its states
// apart. life_exploration_test.cc.
#pragma once

#include "tests/scenarios/explored_life.h"

namespace antin::tests {

class LifeObserver {
 public:
  LifeObserver(const ExploredLife& world, const Path& folder);

  // Everything on record, published and signed that a process could find, but for what differs from one signature to
  // the next: two stores of the same words go the same ways.
  std::string words();
  // One serial a certificate, one decision and one certificate a request, no signature without its decision, legal
  // transitions alone, nothing decided for a key that is blocked or for the successor of what is revoked.
  void check_moment();
  // As `antin log verify` does; every answer is so; a list that is built now tells just what is stopped now.
  void check_end(const Worker& first, const Worker& second);

 private:
  store::CertificateStatus follow(const store::CertificateRecord& record);
  void check_blocked(const store::CertificateRecord& record);
  std::set<std::string> gone_from(std::uint64_t number);
  void check_log();
  void check_answer(const Worker& worker);
  void check_published();
  void check_list_now();
  std::uint64_t issued(Op op) { return must(store_->roster(world_.rosters.at(op))).issued; }

  const ExploredLife& world_;
  Path folder_;
  std::unique_ptr<store::Store> store_;
};

}  // namespace antin::tests
