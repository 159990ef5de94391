// OCSPResponse and what it holds (RFC 6960 appendix B).
#include "ca/lint/base_types.h"
#include "ca/lint/schemas.h"

namespace antin::lint {
namespace {

using namespace types;

constexpr Type response_status{Form::enumerated, {}, nullptr, 0, 6};
constexpr Field bytes_fields[] = {{"responseType", oid}, {"response", octets}};
constexpr Type bytes = record(bytes_fields);
constexpr Field response_fields[] = {{"responseStatus", response_status}, explicitly("responseBytes", bytes, 0)};

constexpr Field revoked_fields[] = {{"revocationTime", generalized_time},
                                    explicitly("revocationReason", reason_type, 0)};
constexpr Type revoked = record(revoked_fields);
constexpr Field status_fields[] = {implicit("good", null, 0), implicit("revoked", revoked, 1),
                                   implicit("unknown", null, 2)};
constexpr Type status = choice(status_fields);
constexpr Field id_fields[] = {
    {"hashAlgorithm", algorithm}, {"issuerNameHash", octets}, {"issuerKeyHash", octets}, {"serialNumber", integer}};
constexpr Type id = record(id_fields);
constexpr Field single_fields[] = {{"certID", id},
                                   {"certStatus", status},
                                   {"thisUpdate", generalized_time},
                                   explicitly("nextUpdate", generalized_time, 0),
                                   explicitly("singleExtensions", extensions_type, 1)};
constexpr Type single = record(single_fields);
constexpr Type singles = list_of(single, 0);
constexpr Field responder_fields[] = {explicitly("byName", name_type, 1), explicitly("byKey", octets, 2)};
constexpr Type responder = choice(responder_fields);
constexpr Field data_fields[] = {
    {"version", integer, Tagging::explicitly, 0, Presence::defaulted, zero},
    {"responderID", responder},
    {"producedAt", generalized_time},
    {"responses", singles},
    explicitly("responseExtensions", extensions_type, 1),
};
constexpr Type data = record(data_fields);
constexpr Type certificates = list_of(any);  // each is checked on its own
constexpr Field basic_fields[] = {{"tbsResponseData", data},
                                  {"signatureAlgorithm", algorithm},
                                  {"signature", bit_string},
                                  explicitly("certs", certificates, 0)};

}  // namespace

constexpr Type ocsp_response_type = record(response_fields);
constexpr Type basic_response_type = record(basic_fields);

}  // namespace antin::lint
