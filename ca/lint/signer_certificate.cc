#include "ca/lint/signer_certificate.h"

#include <algorithm>

#include "base/openssl_ptr.h"
#include "ca/lint/rules.h"
#include "ca/x509/signature_check.h"

namespace antin::lint {
namespace {

namespace der = x509::der;

void lint_usage(const CertificateView& view, const Place& place, Findings& findings) {
  constexpr unsigned digital_signature = 0, content_commitment = 1;
  const Extension* usage = find_readable(view.extensions, "2.5.29.15");
  if (usage == nullptr) return;  // every use
  const ByteView bits = content_of(usage->value);
  findings.expect(has_usage(bits, digital_signature) || has_usage(bits, content_commitment),
                  Rule::signing_usage_missing, place, "digitalSignature or contentCommitment");
}

}  // namespace

std::vector<ByteView> extended_usages(const CertificateView& view) {
  std::vector<ByteView> purposes;
  const Extension* extended = find_readable(view.extensions, "2.5.29.37");
  if (extended == nullptr) return purposes;
  for (Elements list(content_of(extended->value)); list.more();) purposes.push_back(list.next().content);
  return purposes;
}

bool has_purpose(const CertificateView& view, der::OidLiteral purpose) {
  return std::ranges::any_of(extended_usages(view), [&](ByteView one) { return same_oid(one, purpose.content()); });
}

void lint_signer(const CertificateView& view, Time time, const Place& place, Findings& findings) {
  lint_usage(view, place, findings);
  const auto begin = der::read_time(view.not_before), end = der::read_time(view.not_after);
  if (begin && end) findings.expect(*begin <= time && time <= *end, Rule::signed_time_outside_certificate, place);
}

void lint_signature(const CertificateView& view, const AlgorithmView& algorithm, ByteView message, ByteView signature,
                    const Place& place, Findings& findings) {
  const std::uint8_t* octets = view.key_info.data();
  const EvpPkeyPtr key(d2i_PUBKEY(nullptr, &octets, static_cast<long>(view.key_info.size())));
  const auto good = key ? x509::check_signature(key.get(), algorithm.whole, message, signature)
                        : Result<bool>(fail(ErrorCode::unimplemented, "key"));
  if (!key) (void)openssl_error();
  if (!good) return findings.add(Rule::signature_unchecked, place);
  findings.expect(*good, Rule::signature_wrong, place);
}

}  // namespace antin::lint
