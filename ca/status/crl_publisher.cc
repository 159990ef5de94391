#include "base/encoding.h"
#include "base/turn.h"
#include "ca/authority/clock_guard.h"
#include "ca/log/log.h"
#include "ca/status/crl.h"
#include "ca/status/crl_builder.h"
#include "ca/status/publish_gate.h"

namespace antin::status {
namespace {

Result<std::optional<x509::Crl>> published(const Path& file) {
  Result<Bytes> octets = read_file(file);
  if (!octets && octets.error().code == ErrorCode::not_found) return std::nullopt;
  if (!octets) return fail(octets.error());
  ANTIN_TRY(x509::Crl list, in(file.string(), x509::Crl::from_file_bytes(*octets)));
  return list;
}

Result<std::uint64_t> number_of(const std::optional<x509::Crl>& list) {
  const std::optional<Bytes> octets = list ? list->number() : std::nullopt;
  if (!octets) return std::uint64_t{0};
  if (octets->size() > 7)
    return fail(ErrorCode::data_loss, "crl: the published list has a number that was never given");
  std::uint64_t number = 0;
  for (std::uint8_t octet : *octets) number = number << 8 | octet;
  return number;
}

Result<std::uint64_t> reserve_number(const authority::Context& context, const CrlPlan& plan, std::uint64_t at_least,
                                     Time now) {
  ANTIN_TRY(auto transaction, context.store.begin());
  ANTIN_CHECK(authority::guard_clock(context.store, *transaction, now));
  ANTIN_TRY(const std::uint64_t number, transaction->reserve_crl_number(plan.issuer_name, at_least));
  ANTIN_CHECK(transaction->append_log(log::entry(now, "crl.intent",
                                                 {{"issuer", plan.issuer_name}, {"number", std::to_string(number)}})));
  ANTIN_CHECK(transaction->commit());
  return number;
}

Status record(const authority::Context& context, const store::CrlRecord& list) {
  ANTIN_TRY(auto transaction, context.store.begin());
  ANTIN_CHECK(transaction->complete_crl(list));
  ANTIN_CHECK(transaction->append_log(log::entry(list.this_update, "crl",
                                                 {{"issuer", list.issuer},
                                                  {"number", std::to_string(list.number)},
                                                  {"entries", std::to_string(list.entries)},
                                                  {"sha256", to_hex(list.sha256)},
                                                  {"lint", std::string(issuance::lint_rules_version())}})));
  return transaction->commit();
}

Result<CrlBuilder> collect(const authority::Context& context, const CrlPlan& plan,
                           const std::optional<x509::Crl>& before) {
  CrlBuilder builder;
  const std::optional<Time> last = before ? std::optional(before->this_update()) : std::nullopt;
  ANTIN_CHECK(
      context.store.for_each_revoked(plan.issuer_name, [&](const x509::CrlEntry& entry, Time not_after) -> Status {
        if (still_listed(not_after, last)) builder.add(entry);
        return {};
      }));
  return builder;
}

}  // namespace

Result<store::CrlRecord> build_and_publish(const authority::Context& context, const CrlPlan& plan) {
  if (plan.issuer == nullptr || !plan.issuer->certificate())
    return fail(ErrorCode::failed_precondition, "crl: " + plan.issuer_name + " has no certificate yet");
  // Builders of one list take turns, so that the higher number is published later.
  ANTIN_TRY(Turn turn, in("crl", Turn::take(plan.file.string() + ".lock")));
  ANTIN_TRY(const std::optional<x509::Crl> before, published(plan.file));
  ANTIN_TRY(const std::uint64_t at_least, number_of(before));
  const Time now = context.clock.now();
  if (before && now < before->this_update()) {
    return fail(ErrorCode::failed_precondition, "crl: the clock went back behind the published list of " +
                                                    to_rfc3339(before->this_update()) + ": set it right");
  }
  // First: what is in the log before the number is on the list, which whoever asks when a revocation was told relies
  // on.
  ANTIN_TRY(const std::uint64_t number, reserve_number(context, plan, at_least, now));
  ANTIN_TRY(const CrlBuilder builder, collect(context, plan, before));
  ANTIN_TRY(const Bytes list, builder.finish({number, now, now + plan.validity, plan.url}, *plan.issuer));
  ANTIN_CHECK(check_publishable(context, plan, list, before));
  const Sha256 hash = sha256(list);
  const store::CrlRecord made{
      plan.issuer_name, number, now, now + plan.validity, builder.entries(), Bytes(hash.begin(), hash.end())};
  // Recorded first: whoever dies in between leaves the list of before and a number that the next one exceeds, and no
  // published list is missing from the log.
  ANTIN_CHECK(record(context, made));
  ANTIN_CHECK(write_file(plan.file, list));
  ANTIN_CHECK(check_published(plan.file, list));
  return made;
}

}  // namespace antin::status
