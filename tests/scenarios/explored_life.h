// ExploredLife: the beginning of one certificate's life, and Worker: a process that does one operation on it, step by
// step as the explorer lets it. life_exploration_test.cc.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "tests/scenarios/stepped_store.h"
#include "tests/scenarios/witness_key.h"
#include "tests/unit/authority/life_fixture.h"

namespace antin::tests {

enum class Op { issue, renew, change, revoke_row, revoke, suspend, resume, compromise, list };
inline constexpr Op all_ops[] = {Op::issue,   Op::renew,  Op::change,     Op::revoke_row, Op::revoke,
                                 Op::suspend, Op::resume, Op::compromise, Op::list};
const char* name_of(Op op);
// That an approved roster asks for; those but the last make a certificate.
inline bool of_roster(Op op) { return op <= Op::revoke_row; }
inline bool makes_certificate(Op op) { return op < Op::revoke_row; }

// Where the time stands: amid P-1's certificate's life, after its end, or just before an end that time may pass.
enum class Hour { amid_life, after_end, at_end };

// P-1 has a certificate, of the government's CA; rosters that issue one for P-2 (Op::issue), and that renew, change
// and revoke P-1's, are approved.
struct ExploredLife {
  Hour hour;
  LifeFixture base{1};
  store::CertificateRecord subject = base.of("P-1");
  std::map<Op, Bytes> rosters;
  std::uint64_t certificates = 0, log_entries = 0;
  // What the issuing keys signed in this run: digests of certificates, and of lists.
  std::set<std::string> signed_certificates, signed_lists;

  explicit ExploredLife(Hour hour = Hour::amid_life);
  void begin();  // of a run: the time is set, nothing is signed
  void pass_end() { base.clock.set(subject.not_after + seconds(3)); }
  // The store's file, as `prepare` leaves it.
  Path started(const TemporaryDirectory& folder,
               const std::function<void(const authority::Context&, const std::string& subject)>& prepare);
  Time now() const { return base.clock.now(); }
  authority::IssuingPlan plan() const;
  const issuance::Issuer& list_issuer() const { return list_issuer_.at("government"); }
  static constexpr const char* list_url = "http://pki.lamdong.test/v1/crl/government";
  // The numbers of the lists that were published, in a run's folder.
  static std::set<std::uint64_t> published(const Path& folder);

 private:
  Time start_;
  void approve_rosters();
  std::map<std::string, issuance::Issuer> issuers_, list_issuer_;
};

// One process: its own connection, its own thread. A step ends where a transaction is about to begin, where one was
// committed, and where a list was signed: what was read between two transactions is read at any time that the other
// process leaves between them. Nothing is read between a certificate's signature and the transaction that stores it.
class Worker {
 public:
  // `life`: how often it died before; the serials that it draws follow from name and life.
  Worker(const ExploredLife& world, Path folder, Op op, std::string name, unsigned life);
  ~Worker();  // dies where it stands
  Worker(const Worker&) = delete;

  void step();
  bool begun() const { return begun_; }
  bool over() const { return over_; }
  Op op() const { return op_; }
  unsigned life() const { return life_; }
  const Status& result() const { return result_; }  // when it is over
  // Once more and to its end, with nobody beside.
  void again();

 private:
  struct Died {};
  void boundary();
  void work();
  Status act();
  Status issue(const authority::Context& context);

  const ExploredLife& world_;
  Path folder_;
  Op op_;
  std::string name_;
  unsigned life_;
  std::thread thread_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool running_ = false, begun_ = false, over_ = false, alone_ = false, dies_ = false;
  Status result_;
};

}  // namespace antin::tests
