#include "ca/authority/key_block.h"

#include "base/encoding.h"
#include "ca/authority/clock_guard.h"
#include "ca/authority/issue_steps.h"
#include "ca/issuance/key_gate.h"
#include "ca/log/log.h"

namespace antin::authority {

Result<BlockedKeys> BlockedKeys::read(const Context& context) {
  BlockedKeys keys;
  keys.published_ = context.block_list;
  ANTIN_TRY(auto own, context.store.blocked_keys());
  for (store::BlockedKey& key : own) keys.own_.emplace(key.key_hash, std::move(key));
  return keys;
}

Status BlockedKeys::check(ByteView public_key_info) const {
  if (published_ != nullptr && published_->contains(public_key_info))
    return fail(ErrorCode::failed_precondition, "public key: it stands on a published list of broken keys");
  if (own_.empty()) return {};
  const auto found = own_.find(issuance::key_hash(public_key_info));
  if (found == own_.end()) return {};
  return fail(ErrorCode::failed_precondition,
              "public key: it was blocked on " + to_rfc3339(found->second.at) + ": " + found->second.reason);
}

Result<bool> block_key(const Context& context, ByteView public_key_info, const std::string& reason) {
  const Bytes hash = issuance::key_hash(public_key_info);
  const Time now = context.clock.now();
  ANTIN_TRY(auto transaction, context.store.begin());
  ANTIN_CHECK(guard_clock(context.store, *transaction, now));
  ANTIN_TRY(const auto before, context.store.blocked_key(hash));
  if (before) return false;
  ANTIN_CHECK(transaction->add_blocked_key({hash, now, reason}));
  ANTIN_CHECK(transaction->append_log(log::entry(now, "key.block", {{"key", to_hex(hash)}, {"reason", reason}})));
  ANTIN_CHECK(transaction->commit());
  return true;
}

Result<Compromise> compromise_key(const Context& context, ByteView public_key_info, const std::string& remark,
                                  std::optional<Time> invalidity_date) {
  Compromise done;
  ANTIN_TRY(done.blocked, block_key(context, public_key_info, "keyCompromise: " + remark));
  ANTIN_TRY(const auto certificates,
            context.store.certificates_by_key(issuance::key_hash(public_key_info), context.clock.now()));
  for (const store::CertificateRecord& record : certificates) {
    if (record.status == store::CertificateStatus::revoked || record.status == store::CertificateStatus::expired)
      continue;
    if (record.kind == "root") {
      done.not_revoked.push_back(record.id);
      continue;
    }
    ANTIN_CHECK(revoke_exposed(context, record.id, invalidity_date, remark));
    done.revoked.push_back(record.id);
  }
  return done;
}

}  // namespace antin::authority
