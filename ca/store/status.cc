#include "ca/store/store.h"

namespace antin::store {

std::string_view to_string(CertificateStatus status) noexcept {
  switch (status) {
    case CertificateStatus::valid:
      return "valid";
    case CertificateStatus::revoked:
      return "revoked";
    case CertificateStatus::suspended:
      return "suspended";
    case CertificateStatus::expired:
      return "expired";
  }
  return "valid";
}

namespace {

template <class Record, class Events>
CertificateStatus judged(const Record& record, const Events& events, Time at) {
  std::optional<RevocationEvent::Act> last;
  for (const auto& event : events)
    if (event.at <= at) last = event.act;
  if (last == RevocationEvent::Act::revoke) return CertificateStatus::revoked;
  if (at < record.not_before || at > record.not_after) return CertificateStatus::expired;
  return last == RevocationEvent::Act::suspend ? CertificateStatus::suspended : CertificateStatus::valid;
}

}  // namespace

CertificateStatus status_at(const CertificateRecord& record, std::span<const RevocationEvent> events, Time at) {
  return judged(record, events, at);
}

CertificateStatus status_at(const ForeignCertificate& certificate, Time at) {
  return judged(certificate, certificate.events, at);
}

std::string_view to_string(RequestState state) noexcept {
  switch (state) {
    case RequestState::collected:
      return "collected";
    case RequestState::exported:
      return "exported";
    case RequestState::issued:
      return "issued";
    case RequestState::refused:
      return "refused";
    case RequestState::expired:
      return "expired";
  }
  return "collected";
}

RequestState state_at(const OutsideRequest& request, Time at) {
  RequestState state = RequestState::collected;
  for (const OutsideRequest::Event& event : request.events)
    if (event.at <= at) state = event.state;
  const bool open = state == RequestState::collected || state == RequestState::exported;
  return open && at > request.until ? RequestState::expired : state;
}

std::string_view to_string(PersonalAct act) noexcept {
  switch (act) {
    case PersonalAct::key:
      return "key";
    case PersonalAct::certificate:
      return "certificate";
    case PersonalAct::letter:
      return "letter";
    case PersonalAct::unblock:
      return "unblock";
    case PersonalAct::set_aside:
      return "set_aside";
    case PersonalAct::recycle:
      return "recycle";
    case PersonalAct::lose:
      return "lose";
  }
  return "key";
}

}  // namespace antin::store
